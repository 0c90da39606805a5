/** The tips of Redis for proxies of a cluster, by command. All other commands have none. */
const commandsByTips = {
	nondeterministic_output: `client|info client|list dump hrandfield hscan lastsave object|encoding object|freq
		object|idletime object|refcount pttl spop srandmember sscan time ttl zrandmember zscan`,
	nondeterministic_output_order:
		'command command|docs command|info command|list hgetall hkeys hvals sdiff sinter smembers sunion',
	'nondeterministic_output request_policy:all_nodes response_policy:special':
		'latency|doctor latency|history latency|latest',
	'nondeterministic_output request_policy:all_shards response_policy:special': 'info memory|doctor memory|stats',
	'nondeterministic_output request_policy:special': 'scan',
	'request_policy:all_nodes nondeterministic_output': 'slowlog|get',
	'request_policy:all_nodes response_policy:agg_sum nondeterministic_output': 'slowlog|len',
	'request_policy:all_nodes response_policy:all_succeeded':
		'config|set latency|reset script|flush script|load slowlog|reset',
	'request_policy:all_shards nondeterministic_output': 'randomkey',
	'request_policy:all_shards nondeterministic_output_order': 'keys',
	'request_policy:all_shards response_policy:agg_logical_and': 'script|exists',
	'request_policy:all_shards response_policy:agg_min': 'wait',
	'request_policy:all_shards response_policy:agg_sum': 'dbsize',
	'request_policy:all_shards response_policy:all_succeeded': 'flushall flushdb memory|purge ping',
	'request_policy:all_shards response_policy:one_succeeded': 'script|kill',
	'request_policy:multi_shard': 'mget',
	'request_policy:multi_shard response_policy:agg_min': 'msetnx',
	'request_policy:multi_shard response_policy:agg_sum': 'del exists touch unlink',
	'request_policy:multi_shard response_policy:all_succeeded': 'mset',
};

const tips = new Map(
	Object.entries(commandsByTips).flatMap(([text, names]) => names.split(/\s+/).map((name) => [name, text.split(' ')])),
);

/** The tips in COMMAND INFO, by the full name of a command. */
export function tipsFor(fullName: string): readonly string[] {
	return tips.get(fullName) ?? [];
}
