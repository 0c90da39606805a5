import type {Client} from './client.js';

export function clientType(client: Client): 'normal' | 'pubsub' {
	return client.isSubscriber ? 'pubsub' : 'normal';
}

function flagsOf(client: Client): string {
	const {tracking} = client;
	const flags = [
		client.isSubscriber && 'P',
		client.transaction && 'x',
		client.blocked && 'b',
		tracking && 't',
		tracking?.brokenRedirect && 'R',
		tracking?.bcast && 'B',
		client.watchBroken && 'd',
		client.closing && 'c',
		client.noEvict && 'e',
	].filter((flag) => typeof flag === 'string');
	return flags.join('') || 'N';
}

/** One line of CLIENT LIST. Fields that do not apply to this server are 0. */
export function clientLine(client: Client): string {
	const {server, wire} = client;
	const seconds = (since: number) => Math.floor((server.now - since) / 1000);
	const unsent = wire?.unsent ?? 0;
	const fields: [string, string | number][] = [
		['id', client.id],
		['addr', wire?.address ?? ''],
		['laddr', wire?.localAddress ?? ''],
		['fd', 0],
		['name', client.name],
		['age', seconds(client.createdAt)],
		['idle', seconds(client.usedAt)],
		['flags', flagsOf(client)],
		['db', client.db.index],
		['sub', client.channels.size],
		['psub', client.patterns.size],
		['ssub', 0],
		['multi', client.transaction ? client.transaction.queue.length : -1],
		['qbuf', wire?.buffered ?? 0],
		['qbuf-free', 0],
		['argv-mem', 0],
		['multi-mem', 0],
		['rbs', 0],
		['rbp', 0],
		['obl', client.unflushed],
		['oll', unsent === 0 ? 0 : 1],
		['omem', unsent],
		['tot-mem', unsent + client.unflushed + (wire?.buffered ?? 0)],
		['events', 'r'],
		['cmd', client.lastCommand?.fullName ?? 'NULL'],
		['user', 'default'],
		['redir', client.tracking ? client.tracking.redirect : -1],
		['resp', client.resp],
	];
	if (client.libName !== '') fields.push(['lib-name', client.libName], ['lib-ver', client.libVersion]);
	return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}
