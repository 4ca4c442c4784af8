// What an application does with node-redis. Arguments: port, protocol version, and "caching" where clients may keep copies.
const assert = require('node:assert/strict');
const { createClient, BasicClientSideCache, WatchError } = require('redis');

const port = Number(process.argv[2]);
const RESP = Number(process.argv[3]);
const caching = process.argv[4] === 'caching';

async function connect(options = {}) {
  const client = createClient({ RESP, socket: { host: '127.0.0.1', port, reconnectStrategy: () => 20 }, ...options });
  client.on('error', () => {}); // a connection that ends is dialed again; commands fail by themselves
  return client.connect();
}

async function main() {
  const client = await connect();
  await client.flushAll();

  assert.equal(await client.set('{n}string', 'value', { EX: 100 }), 'OK');
  assert.equal(await client.get('{n}string'), 'value');
  assert.equal(await client.incr('{n}count'), 1);
  assert.deepEqual(await client.mGet(['{n}string', 'other', 'none']), ['value', null, null]);
  assert.ok((await client.ttl('{n}string')) > 90);
  assert.equal(Number(await client.expire('{n}string', 0)), 1);
  assert.equal(await client.exists('{n}string'), 0);

  const numbers = Array.from({ length: 100 }, (_, i) => i);
  await Promise.all(numbers.map((i) => client.set(`key:${i}`, `${i}`)));
  assert.deepEqual(await Promise.all(numbers.map((i) => client.get(`key:${i}`))), numbers.map(String));
  const found = [];
  for await (const keys of client.scanIterator({ MATCH: 'key:*', COUNT: 10 })) {
    found.push(...keys);
  }
  assert.deepEqual(found.sort(), numbers.map((i) => `key:${i}`).sort());

  assert.equal(await client.hSet('{n}hash', { a: '1', b: '2' }), 2);
  assert.deepEqual({ ...(await client.hGetAll('{n}hash')) }, { a: '1', b: '2' });
  assert.equal(await client.sAdd('{n}set', ['a', 'b']), 2);
  assert.deepEqual([...(await client.sMembers('{n}set'))].sort(), ['a', 'b']);
  assert.equal(await client.zAdd('{n}sorted', [{ value: 'a', score: 1.5 }, { value: 'b', score: 2 }]), 2);
  assert.deepEqual(
    (await client.zRangeWithScores('{n}sorted', 0, -1)).map(({ value, score }) => [value, score]),
    [['a', 1.5], ['b', 2]]);
  assert.equal(await client.rPush('{n}list', ['a', 'b', 'c']), 3);
  assert.deepEqual(await client.lRange('{n}list', 0, -1), ['a', 'b', 'c']);
  assert.equal((await client.blPop('{n}list', 5)).element, 'a');
  assert.equal(await client.blPop('{n}nothing', 0.05), null);

  assert.deepEqual(await client.multi().incr('{n}count').hGet('{n}hash', 'a').exec(), [2, '1']);
  const other = await connect();
  await other.watch('{n}count');
  await client.incr('{n}count');
  await assert.rejects(other.multi().incr('{n}count').exec(), WatchError);

  const first = await client.xAdd('{n}stream', '*', { field: '1' });
  await client.xAdd('{n}stream', '*', { field: '2' });
  assert.equal((await client.xRange('{n}stream', '-', '+'))[0].id, first);
  assert.equal(await client.xGroupCreate('{n}stream', 'group', '0'), 'OK');
  assert.ok(await client.xReadGroup('group', 'me', [{ key: '{n}stream', id: '>' }], { COUNT: 1 }));
  assert.equal(await client.xAck('{n}stream', 'group', first), 1);

  const subscriber = await connect();
  const message = new Promise((resolve) => subscriber.subscribe('channel', resolve).then(() => client.publish('channel', 'hello')));
  assert.equal(await message, 'hello');
  await assert.rejects(client.lPush('{n}count', 'x'), /WRONGTYPE/);

  assert.equal(await client.clientKill({ filter: 'ID', id: await other.clientId() }), 1);
  assert.equal(await other.get('{n}count').catch(() => other.get('{n}count')), '3');

  if (caching && RESP === 3) {
    const cache = new BasicClientSideCache();
    const near = await connect({ clientSideCache: cache });
    const copy = new Promise((resolve) => cache.once('invalidate', resolve));
    assert.equal(await near.get('{n}count'), '3');
    assert.equal(await near.get('{n}count'), '3');
    assert.equal(cache.stats().hitCount, 1);
    await client.set('{n}count', '4');
    await copy;
    assert.equal(await near.get('{n}count'), '4');
    near.destroy();
  }
  [client, other, subscriber].forEach((one) => one.destroy());
}

main().then(() => console.log('done'), (error) => {
  console.error(error);
  process.exit(1);
});
