# Sets and gets keys as its input says: python3 redis-py.py cluster|sentinel 127.0.0.1 26379 PASSWORD [NAME]
import sys

import redis
from redis.cluster import RedisCluster
from redis.sentinel import Sentinel

kind, host, port, password, *name = sys.argv[1:]
if kind == "cluster":
    db = RedisCluster(host=host, port=int(port), password=password, decode_responses=True)
else:
    sentinel = Sentinel(
        [(host, int(port))], sentinel_kwargs={"password": password}, password=password, decode_responses=True
    )
    db = sentinel.master_for(name[0])

for line in sys.stdin:
    command, key, *value = line.split()
    try:
        reply = db.set(key, *value) if command == "set" else db.get(key)
        print("ok", reply, flush=True)
    except redis.RedisError as error:
        print("error", type(error).__name__, str(error).replace("\n", " "), flush=True)
