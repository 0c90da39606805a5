# A Python application on redis-py: python3 redis-py.py redis://127.0.0.1:6380
import json
import sys
import threading

import redis


def say(what, value):
    print(f"{what}: {json.dumps(value, default=str)}", flush=True)


pool = redis.BlockingConnectionPool.from_url(sys.argv[1], client_name="redis-py", decode_responses=True, max_connections=8)
db = redis.Redis(connection_pool=pool)

say("miss", db.get("user:1"))
say("set", db.set("user:1", "Ann", ex=60))
say("hit", db.get("user:1"))
try:
    db.hget("user:1", "field")
except redis.ResponseError as error:
    say("error", str(error))

with db.pipeline(transaction=False) as pipe:
    for index in range(500):
        pipe.set(f"item:{index}", f"value {index}", px=60_000)
        pipe.get(f"item:{index}")
    say("pipeline", pipe.execute())
with db.pipeline() as pipe:
    say("transaction", pipe.incr("counter").hset("hash", mapping={"a": 1, "b": 2}).hgetall("hash").execute())


def add_ten(pipe):
    value = int(pipe.get("counter"))
    pipe.multi()
    pipe.set("counter", value + 10)


say("optimistic", db.transaction(add_ten, "counter"))
script = db.register_script("return {redis.call('GET', KEYS[1]), ARGV[1]}")
say("script", [script(keys=["user:1"], args=["x"]), script(keys=["nobody"], args=["y"])])

large = "v" * 3_000_000
db.set("large", large, ex=60)
say("large", db.get("large") == large)
raw = redis.Redis.from_url(sys.argv[1])
raw.set("bytes", bytes(range(256)), ex=60)
say("bytes", raw.get("bytes") == bytes(range(256)))

counts = []


def work():
    for index in range(100):
        counts.append(db.incr("shared"))


threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
say("threads", [len(counts), max(counts), len(set(counts))])

pubsub = db.pubsub()
pubsub.subscribe("news")
pubsub.psubscribe("weather.*")
for index in range(10):
    db.publish("weather.today" if index % 3 else "news", f"message {index}")
messages = []
while len(messages) < 12:
    message = pubsub.get_message(timeout=1)
    if message is not None:
        messages.append([message["type"], message["channel"], message["data"]])
say("messages", messages)
pubsub.close()

threading.Timer(0.1, lambda: db.rpush("queue", "job")).start()
say("blocking", db.blpop("queue", timeout=10))
with db.lock("lock", timeout=10, blocking_timeout=5):
    say("locked", db.lock("lock", timeout=1).acquire(blocking=False))
say("keys", len(list(db.scan_iter("item:*", count=50))))
with db.monitor() as monitor:
    db.get("watched")
    for command in monitor.listen():
        if "watched" in command["command"]:
            say("monitor", command["command"])
            break
say("killed", db.client_kill_filter(_type="normal", skipme=True) > 0)
say("connected again", db.get("user:1"))
