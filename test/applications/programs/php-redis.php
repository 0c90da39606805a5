<?php
// A PHP application on phpredis: php php-redis.php redis://127.0.0.1:6380

function say(string $what, mixed $value): void {
	echo $what, ': ', json_encode($value), "\n";
}

['host' => $host, 'port' => $port] = parse_url($argv[1]);
$redis = new Redis();
// Persistent, as under PHP-FPM.
$redis->pconnect($host, $port, 5, 'cache');
$redis->client('SETNAME', 'phpredis');

say('miss', $redis->get('user:1'));
say('set', $redis->set('user:1', 'Ann', ['EX' => 60]));
say('hit', $redis->get('user:1'));
say('error', [$redis->hGet('user:1', 'field'), $redis->getLastError()]);

$redis->setOption(Redis::OPT_SERIALIZER, Redis::SERIALIZER_PHP);
$redis->setOption(Redis::OPT_PREFIX, 'app:');
$redis->setEx('object', 60, ['name' => 'Ann', 'tags' => [1, 2.5, null, true]]);
say('object', $redis->get('object'));
$redis->setOption(Redis::OPT_SERIALIZER, Redis::SERIALIZER_NONE);

$pipeline = $redis->multi(Redis::PIPELINE);
for ($index = 0; $index < 500; $index++) $pipeline->setEx("item:$index", 60, "value $index")->get("item:$index");
say('pipeline', $pipeline->exec());
say('transaction', $redis->multi()->incr('counter')->hMSet('hash', ['a' => 1, 'b' => 2])->hGetAll('hash')->exec());
$redis->watch('counter');
$other = new Redis();
$other->connect($host, $port);
$other->incr('app:counter');
say('lost transaction', $redis->multi()->set('counter', 0)->exec());
say('script', $redis->eval("return {redis.call('GET', KEYS[1]), ARGV[1]}", ['item:1', 'x'], 1));

$large = str_repeat('v', 3_000_000);
$redis->setEx('large', 60, $large);
say('large', $redis->get('large') === $large);
say('many', $redis->mGet(['item:1', 'nothing', 'item:2']));
$other->rPush('app:queue', 'job');
say('blocking', $redis->blPop(['queue'], 5));
say('blocking in vain', $redis->blPop(['queue'], 1));

$keys = 0;
$cursor = null;
$redis->setOption(Redis::OPT_SCAN, Redis::SCAN_RETRY);
while ($page = $redis->scan($cursor, 'app:item:*', 50)) $keys += count($page);
say('keys', $keys);
$redis->select(3);
say('another database', [$redis->set('here', 1), $redis->get('here'), $other->get('app:here')]);
say('closed', $redis->close());
