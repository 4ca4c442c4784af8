"""What an application does with redis-py. Arguments: port, protocol version. Its cache wants a server of version 7.4, so it is left out."""

import sys

import redis

port, protocol = int(sys.argv[1]), int(sys.argv[2])


def connect(**options):
    return redis.Redis(port=port, protocol=protocol, decode_responses=True, socket_timeout=20, **options)


def equal(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


client = connect()
client.flushall()

equal(client.set("{py}string", "value", ex=100), True)
equal(client.get("{py}string"), "value")
equal(client.incr("{py}count"), 1)
equal(client.mget("{py}string", "other", "none"), ["value", None, None])
assert 90 < client.ttl("{py}string") <= 100
equal(client.expire("{py}string", 0), True)
equal(client.exists("{py}string"), 0)

pipeline = client.pipeline(transaction=False)
for i in range(100):
    pipeline.set(f"key:{i}", i)
    pipeline.get(f"key:{i}")
equal(pipeline.execute(), [reply for i in range(100) for reply in (True, str(i))])
equal(sorted(client.scan_iter(match="key:*", count=10)), sorted(f"key:{i}" for i in range(100)))

equal(client.hset("{py}hash", mapping={"a": "1", "b": "2"}), 2)
equal(client.hgetall("{py}hash"), {"a": "1", "b": "2"})
equal(dict(client.hscan_iter("{py}hash")), {"a": "1", "b": "2"})
equal(client.sadd("{py}set", "a", "b"), 2)
equal(client.smembers("{py}set"), {"a", "b"})
equal(client.zadd("{py}sorted", {"a": 1.5, "b": 2}), 2)
equal([list(pair) for pair in client.zrange("{py}sorted", 0, -1, withscores=True)], [["a", 1.5], ["b", 2.0]])
equal(client.zscore("{py}sorted", "a"), 1.5)
equal(client.rpush("{py}list", "a", "b", "c"), 3)
equal(client.lrange("{py}list", 0, -1), ["a", "b", "c"])

equal(list(client.blpop("{py}list", timeout=5)), ["{py}list", "a"])
equal(client.blpop("{py}nothing", timeout=0.05), None)

with client.pipeline() as transaction:
    transaction.watch("{py}count")
    transaction.multi()
    transaction.incr("{py}count")
    transaction.hget("{py}hash", "a")
    equal(transaction.execute(), [2, "1"])
with client.pipeline() as transaction:
    transaction.watch("{py}count")
    client.incr("{py}count")
    transaction.multi()
    transaction.incr("{py}count")
    try:
        transaction.execute()
        raise AssertionError("a watched key has changed")
    except redis.WatchError:
        equal(client.get("{py}count"), "3")

first = client.xadd("{py}stream", {"field": "1"})
client.xadd("{py}stream", {"field": "2"})
equal(client.xrange("{py}stream")[0], (first, {"field": "1"}))
equal(client.xgroup_create("{py}stream", "group", id="0"), True)
assert client.xreadgroup("group", "me", {"{py}stream": ">"}, count=1)
equal(client.xack("{py}stream", "group", first), 1)

subscriber = client.pubsub()
subscriber.subscribe("channel")
equal(subscriber.get_message(timeout=20)["type"], "subscribe")
equal(client.publish("channel", "hello"), 1)
equal(subscriber.get_message(timeout=20)["data"], "hello")
subscriber.close()

try:
    client.lpush("{py}count", "x")
    raise AssertionError("a string is no list")
except redis.ResponseError as error:
    assert "WRONGTYPE" in str(error)

victim = connect(single_connection_client=True)
equal(client.client_kill_filter(_id=victim.client_id()), 1)
equal(victim.get("{py}count"), "3")
victim.close()

client.close()
print("done")
