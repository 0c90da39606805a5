import {bulk} from '../../support/resp.js';

/** A command, the reply of the server, and the reply that the client gets. */
export type Example = {
	readonly name: string;
	readonly words: readonly string[];
	readonly answer: string;
	readonly told: string;
};

const list = (...items: readonly string[]) => `*${items.length}\r\n${items.join('')}`;
const map = (...items: readonly string[]) => `%${items.length / 2}\r\n${items.join('')}`;
const number = (value: number) => `:${value}\r\n`;
const verbatim = (text: string) => `=${text.length + 4}\r\ntxt:${text}\r\n`;
const texts = (...items: readonly string[]) => items.map(bulk);

const id = '07c37dfeb235213a872192d90877d0cd55635b91';

type Place = {readonly host: string; readonly port: number};

/** The same reply twice: as the server gives it, and with what the client is told. */
const both = (build: (place: (host: string, port: number) => Place) => string) => ({
	answer: build((host, port) => ({host, port})),
	told: build((host, port) => ({host: `via-${host}`, port: port + 10_000})),
});

type At = (host: string, port: number) => Place;

const slots = (fields: typeof list) => (at: At) => {
	const node = (host: string, port: number, ...metadata: readonly string[]) => {
		const told = at(host, port);
		return list(bulk(told.host), number(told.port), bulk(id), fields(...metadata));
	};
	const named = at('node.example', 7002);
	return list(
		list(number(0), number(5460), node('10.0.0.7', 7000), node('10.0.0.8', 7001)),
		list(
			number(5461),
			number(16_383),
			list(bulk(named.host), number(named.port), bulk(id), fields(...texts('ip', at('node.example', 7002).host))),
		),
	);
};

const shards = (fields: typeof list) => (at: At) => {
	const node = (host: string, port: number) => {
		const told = at(host, port);
		return fields(
			...[bulk('id'), bulk(id), bulk('port'), number(told.port), bulk('ip'), bulk(told.host)],
			...[bulk('endpoint'), bulk(told.host), bulk('role'), bulk('master'), bulk('replication-offset'), number(7000)],
		);
	};
	const shard = (first: number, last: number, ...nodes: readonly string[]) =>
		fields(bulk('slots'), list(number(first), number(last)), bulk('nodes'), list(...nodes));
	return list(
		shard(0, 8000, node('10.0.0.7', 7000), node('10.0.0.8', 7001)),
		shard(8001, 16_383, node('fd00::7', 7002)),
	);
};

const nodeLine = (at: At, host: string, port: number, flags: string) => {
	const told = at(host, port);
	return `${id} ${told.host}:${told.port}@17000 ${flags} - 0 1426238316232 2 connected 0-5460`;
};

const nodes = (at: At) =>
	`${nodeLine(at, '10.0.0.7', 7000, 'myself,master')}\n${nodeLine(at, 'fd00::7', 7001, 'slave')}\n${id} :0@0 slave,noaddr ${id} 0 0 5 disconnected\n`;

const replicationInfo = (at: At) => {
	const [master, replica] = [at('10.0.0.7', 7000), at('10.0.0.8', 7001)];
	return [
		'# Replication\r\nrole:slave\r\n',
		`master_host:${master.host}\r\nmaster_port:${master.port}\r\nmaster_link_status:up\r\n`,
		`slave0:ip=${replica.host},port=${replica.port},state=online,offset=14,lag=0\r\n`,
	].join('');
};

const sentinelInfo = (at: At) => {
	const {host, port} = at('10.0.0.7', 7000);
	return `# Sentinel\r\nsentinel_masters:1\r\nmaster0:name=main,status=ok,address=${host}:${port},slaves=1,sentinels=3\r\n`;
};

const instance = (fields: typeof list, at: At, name: string) => {
	const [own, master] = [at('10.0.0.8', 7001), at('10.0.0.7', 7000)];
	return fields(
		...texts('name', name, 'ip', own.host, 'port', String(own.port), 'runid', id, 'flags', 'slave'),
		bulk('last-ping-sent'),
		...texts('0', 'master-host', master.host, 'master-port', String(master.port)),
	);
};

const replicaName = (at: At) => {
	const {host, port} = at('10.0.0.8', 7001);
	return `${host}:${port}`;
};

const redirections = ['MOVED 3999 ', 'ASK 3999 ', 'REDIRECT '].flatMap((head) => [
	{words: ['GET', 'key'], name: `${head}an address`, ...both((at) => error(head, at('10.0.0.7', 7000)))},
	{words: ['GET', 'key'], name: `${head}a name`, ...both((at) => error(head, at('node.example', 7000)))},
	{words: ['GET', 'key'], name: `${head}an IPv6 address`, ...both((at) => error(head, at('fd00::7', 7000)))},
	{
		words: ['GET', 'key'],
		name: `${head}a node of the same host`,
		answer: `-${head}:7000\r\n`,
		told: `-${head}via-10.0.0.1:17000\r\n`,
	},
]);

function error(head: string, {host, port}: Place): string {
	return `-${head}${host}:${port}\r\n`;
}

const unchanged = (words: readonly string[], answer: string): Example => ({
	name: `${words.join(' ').slice(0, 30)}: ${JSON.stringify(answer).slice(0, 40)}`,
	words,
	answer,
	told: answer,
});

export const examples: readonly Example[] = [
	...redirections,
	{
		name: 'an error of RESP3 as a bulk string',
		words: ['GET', 'key'],
		answer: '!23\r\nMOVED 3999 10.0.0.7:700\r\n',
		told: '!29\r\nMOVED 3999 via-10.0.0.7:10700\r\n',
	},
	{
		name: 'errors among the results of a script',
		words: ['EVAL', 'return', '0'],
		...both((at) => list(number(1), list(error('MOVED 1 ', at('10.0.0.7', 7000)), bulk('-MOVED 1 10.0.0.7:7000')))),
	},
	{name: 'CLUSTER SLOTS', words: ['CLUSTER', 'SLOTS'], ...both(slots(list))},
	{name: 'CLUSTER SLOTS with maps', words: ['cluster', 'slots'], ...both(slots(map))},
	{name: 'CLUSTER SHARDS', words: ['CLUSTER', 'SHARDS'], ...both(shards(list))},
	{name: 'CLUSTER SHARDS with maps', words: ['CLUSTER', 'shards'], ...both(shards(map))},
	{name: 'CLUSTER NODES', words: ['CLUSTER', 'NODES'], ...both((at) => bulk(nodes(at)))},
	{name: 'CLUSTER NODES verbatim', words: ['CLUSTER', 'NODES'], ...both((at) => verbatim(nodes(at)))},
	{
		name: 'CLUSTER REPLICAS',
		words: ['CLUSTER', 'REPLICAS', id],
		...both((at) => list(...[7001, 7002].map((port) => bulk(nodeLine(at, '10.0.0.7', port, 'slave'))))),
	},
	{name: 'INFO', words: ['INFO', 'replication'], ...both((at) => bulk(replicationInfo(at)))},
	{name: 'INFO verbatim', words: ['INFO'], ...both((at) => verbatim(replicationInfo(at)))},
	{name: 'INFO of a Sentinel', words: ['INFO'], ...both((at) => bulk(sentinelInfo(at)))},
	{
		name: 'ROLE of a master',
		words: ['ROLE'],
		...both((at) => {
			const replica = at('10.0.0.8', 7001);
			return list(
				bulk('master'),
				number(3_129_659),
				list(list(...texts(replica.host, String(replica.port), '3129242'))),
			);
		}),
	},
	{
		name: 'ROLE of a replica',
		words: ['ROLE'],
		...both((at) => {
			const {host, port} = at('10.0.0.7', 7000);
			return list(bulk('slave'), bulk(host), number(port), bulk('connected'), number(3_167_038));
		}),
	},
	{
		name: 'SENTINEL GET-MASTER-ADDR-BY-NAME',
		words: ['SENTINEL', 'get-master-addr-by-name', 'main'],
		...both((at) => {
			const {host, port} = at('10.0.0.7', 7000);
			return list(...texts(host, String(port)));
		}),
	},
	{name: 'SENTINEL MASTER', words: ['SENTINEL', 'MASTER', 'main'], ...both((at) => instance(list, at, 'main'))},
	{
		name: 'SENTINEL MASTER with maps',
		words: ['SENTINEL', 'MASTER', 'main'],
		...both((at) => instance(map, at, 'main')),
	},
	{name: 'SENTINEL MASTERS', words: ['SENTINEL', 'MASTERS'], ...both((at) => list(instance(list, at, 'main')))},
	{name: 'SENTINEL SENTINELS', words: ['SENTINEL', 'SENTINELS', 'main'], ...both((at) => list(instance(map, at, id)))},
	...['REPLICAS', 'SLAVES'].map((word) => ({
		name: `SENTINEL ${word}`,
		words: ['SENTINEL', word, 'main'],
		...both((at: At) => list(instance(list, at, replicaName(at)))),
	})),
	unchanged(['GET', 'key'], bulk('-MOVED 3999 10.0.0.7:7000\r\n')),
	unchanged(['GET', 'key'], '+MOVED 3999 10.0.0.7:7000\r\n'),
	unchanged(['GET', 'key'], '-ERR MOVED 3999 10.0.0.7:7000\r\n'),
	unchanged(['GET', 'key'], '-MOVED 3999 ?:7000\r\n'),
	unchanged(['GET', 'key'], `-WRONGTYPE ${'MOVED 3999 10.0.0.7:7000 '.repeat(40)}\r\n`),
	unchanged(['LRANGE', 'key', '0', '-1'], list(...texts('10.0.0.7', '7000'))),
	unchanged(['CLUSTER', 'MYID'], bulk(id)),
	unchanged(['CLUSTER', 'SLOTS'], '-NOPERM this user has no permissions\r\n'),
	unchanged(['CLUSTER', 'SLOTS'], list()),
	unchanged(['CLUSTER'], '-ERR wrong number of arguments\r\n'),
	unchanged(['INFO', 'server'], bulk('# Server\r\ntcp_port:6379\r\n')),
	unchanged(['ROLE'], list(bulk('sentinel'), list(bulk('main')))),
	unchanged(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'other'], '*-1\r\n'),
	unchanged(['HELLO', '3'], map(...texts('server', 'redis', 'mode', 'cluster'))),
];
