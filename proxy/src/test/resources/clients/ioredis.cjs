// What an application does with ioredis. Arguments: port, protocol version.
const assert = require('node:assert/strict');
const Redis = require('ioredis');

const port = Number(process.argv[2]);
const protocol = Number(process.argv[3]);

function connect() {
  const client = new Redis({ port, host: '127.0.0.1', protocol, retryStrategy: () => 20 });
  client.on('error', () => {}); // a connection that ends is dialed again; commands fail by themselves
  return client;
}

async function main() {
  const client = connect();
  await client.flushall();

  assert.equal(await client.set('{i}string', 'value', 'EX', 100), 'OK');
  assert.equal(await client.get('{i}string'), 'value');
  assert.equal(await client.incr('{i}count'), 1);
  assert.deepEqual(await client.mget('{i}string', 'other', 'none'), ['value', null, null]);
  assert.ok((await client.ttl('{i}string')) > 90);
  assert.equal(await client.expire('{i}string', 0), 1);
  assert.equal(await client.exists('{i}string'), 0);

  const pipeline = client.pipeline();
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  numbers.forEach((i) => pipeline.set(`key:${i}`, i).get(`key:${i}`));
  assert.deepEqual(await pipeline.exec(), numbers.flatMap((i) => [[null, 'OK'], [null, `${i}`]]));
  const found = [];
  for await (const keys of client.scanStream({ match: 'key:*', count: 10 })) {
    found.push(...keys);
  }
  assert.deepEqual(found.sort(), numbers.map((i) => `key:${i}`).sort());

  assert.equal(await client.hset('{i}hash', { a: '1', b: '2' }), 2);
  assert.deepEqual({ ...(await client.hgetall('{i}hash')) }, { a: '1', b: '2' });
  assert.equal(await client.sadd('{i}set', 'a', 'b'), 2);
  assert.deepEqual([...(await client.smembers('{i}set'))].sort(), ['a', 'b']);
  assert.equal(await client.zadd('{i}sorted', 1.5, 'a', 2, 'b'), 2);
  assert.deepEqual((await client.zrange('{i}sorted', 0, -1, 'WITHSCORES')).flat().map(String), ['a', '1.5', 'b', '2']);
  assert.equal(await client.rpush('{i}list', 'a', 'b', 'c'), 3);
  assert.deepEqual(await client.lrange('{i}list', 0, -1), ['a', 'b', 'c']);
  assert.deepEqual(await client.blpop('{i}list', 5), ['{i}list', 'a']);
  assert.equal(await client.blpop('{i}nothing', 0.05), null);

  assert.deepEqual(await client.multi().incr('{i}count').hget('{i}hash', 'a').exec(), [[null, 2], [null, '1']]);
  const other = connect();
  await other.watch('{i}count');
  await client.incr('{i}count');
  assert.equal(await other.multi().incr('{i}count').exec(), null);

  const first = await client.xadd('{i}stream', '*', 'field', '1');
  await client.xadd('{i}stream', '*', 'field', '2');
  assert.deepEqual((await client.xrange('{i}stream', '-', '+'))[0], [first, ['field', '1']]);
  assert.equal(await client.xgroup('CREATE', '{i}stream', 'group', '0'), 'OK');
  assert.ok(await client.xreadgroup('GROUP', 'group', 'me', 'COUNT', 1, 'STREAMS', '{i}stream', '>'));
  assert.equal(await client.xack('{i}stream', 'group', first), 1);

  const subscriber = connect();
  const message = new Promise((resolve) => subscriber.on('message', (channel, text) => resolve(text)));
  assert.equal(await subscriber.subscribe('channel'), 1);
  assert.equal(await client.publish('channel', 'hello'), 1);
  assert.equal(await message, 'hello');
  await assert.rejects(client.lpush('{i}count', 'x'), /WRONGTYPE/);

  assert.equal(await client.client('KILL', 'ID', await other.client('ID')), 1);
  assert.equal(await other.get('{i}count').catch(() => other.get('{i}count')), '3');

  [client, other, subscriber].forEach((one) => one.disconnect());
}

main().then(() => console.log('done'), (error) => {
  console.error(error);
  process.exit(1);
});
