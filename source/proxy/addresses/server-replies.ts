import type {ReplyNode} from '../../resp/reply-tree.js';
import {type Edits, edit} from './edits.js';
import type {TellEndpoint} from './tell-endpoint.js';

/** Errors that send a client to another server: `MOVED 3999 10.0.0.7:6379`, `ASK 3999 :6379`, `REDIRECT 10.0.0.7:6379`. */
const redirection = /^((?:MOVED|ASK) \d+ |REDIRECT )(\S*):(\d+)(?!\S)/;

export function tellRedirection(text: string, tell: TellEndpoint): string {
	return text.replace(redirection, (whole, head: string, host: string, port: string) => {
		const told = tell(host, port);
		return told === undefined ? whole : `${head}${told.host}:${told.port}`;
	});
}

/** INFO: the master of a replica, the replicas of a master, and the masters of a Sentinel. */
export function tellInfo(text: string, tell: TellEndpoint): string {
	const replace = (pattern: RegExp, format: (host: string, port: number) => string, within: string): string =>
		within.replaceAll(pattern, (whole, head: string, host: string, port: string) => {
			const told = tell(host, port);
			return told === undefined ? whole : head + format(told.host, told.port);
		});
	const master = replace(
		/^(master_host:)(\S*)\r\nmaster_port:(\d+)/gm,
		(host, port) => `${host}\r\nmaster_port:${port}`,
		text,
	);
	const replicas = replace(
		/^((?:slave|replica)\d+:)ip=([^,\s]*),port=(\d+)/gm,
		(host, port) => `ip=${host},port=${port}`,
		master,
	);
	return replace(/^(master\d+:\S*,address=)([^,\s]*):(\d+)/gm, (host, port) => `${host}:${port}`, replicas);
}

/** ROLE: `['slave', host, port, state, offset]`, `['master', offset, [[host, port, offset], …]]`, or that of a Sentinel. */
export function editRole(edits: Edits, reply: ReplyNode, tell: TellEndpoint): void {
	const [role, second, third] = reply.items;
	if (role?.text === 'slave') editPair(edits, second, third, tell);
	if (role?.text === 'master') for (const {items} of third?.items ?? []) editPair(edits, items[0], items[1], tell);
}

/** A host and a port next to each other. */
export function editPair(
	edits: Edits,
	host: ReplyNode | undefined,
	port: ReplyNode | undefined,
	tell: TellEndpoint,
): void {
	const told = tell(host?.text ?? '?', port?.text ?? '');
	if (told === undefined) return;
	edit(edits, host, told.host);
	edit(edits, port, told.port);
}
