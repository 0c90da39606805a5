import type {ReplyNode} from '../../resp/reply-tree.js';
import {type Edits, edit, fieldsOf} from './edits.js';
import type {TellEndpoint} from './tell-endpoint.js';

/** CLUSTER SLOTS: `[[first, last, [endpoint, port, id, metadata], …replicas], …]`. */
export function editSlots(edits: Edits, reply: ReplyNode, tell: TellEndpoint): void {
	for (const range of reply.items) {
		for (const node of range.items.slice(2)) {
			const [endpoint, port, , metadata] = node.items;
			const fields = fieldsOf(metadata);
			const ip = fields.get('ip')?.value;
			const told = tell(hostOf(endpoint, ip), port?.text ?? '', ip?.text);
			if (told === undefined) continue;
			edit(edits, port, told.port);
			for (const host of [endpoint, ip, fields.get('hostname')?.value]) editHost(edits, host, told.host);
		}
	}
}

/**
 * CLUSTER SHARDS: the nodes of each shard, with their hosts and one or two ports.
 *
 * @param speaksTls True if the proxy uses TLS to the servers, and clients do not.
 */
export function editShards(edits: Edits, reply: ReplyNode, tell: TellEndpoint, speaksTls: boolean): void {
	for (const shard of reply.items) {
		for (const node of fieldsOf(shard).get('nodes')?.value.items ?? []) {
			const fields = fieldsOf(node);
			const [plain, tls] = [fields.get('port'), fields.get('tls-port')];
			const port = speaksTls ? (tls ?? plain) : plain;
			const ip = fields.get('ip')?.value;
			const endpoint = fields.get('endpoint')?.value;
			const told = tell(hostOf(endpoint, ip), port?.value.text ?? '', ip?.text);
			if (told === undefined) continue;
			edit(edits, port?.value, told.port);
			if (speaksTls) {
				edit(edits, plain?.value, told.port);
				if (plain === undefined) edit(edits, tls?.key, 'port');
			}
			for (const host of [endpoint, ip, fields.get('hostname')?.value]) editHost(edits, host, told.host);
		}
	}
}

/** Lines of CLUSTER NODES: `07c37dfeb2 10.0.0.7:6379@16379,host.example,shard-id=69bc slave e7d1eecce1 0 …`. */
export function tellNodeLines(text: string, tell: TellEndpoint): string {
	return text.replaceAll(
		/^(\S+ )([^\s,]*):(\d+)(@\d+)?(?:,([^\s,]*))?(?=[ ,])/gm,
		(line, id: string, host: string, port: string, bus: string | undefined, name: string | undefined) => {
			const told = tell(host, port);
			if (told === undefined) return line;
			const named = name === undefined ? '' : `,${name === '' ? '' : told.host}`;
			return `${id}${told.host}:${told.port}${bus ?? ''}${named}`;
		},
	);
}

/** The host to connect to; empty if it is the one that the client is connected to. */
function hostOf(endpoint: ReplyNode | undefined, ip: ReplyNode | undefined): string {
	const host = endpoint?.text ?? '';
	return host === '?' ? (ip?.text ?? host) : host;
}

/** To a client, null means the host that it is connected to, and `?` means that the host is unknown. */
function editHost(edits: Edits, node: ReplyNode | undefined, host: string): void {
	if (node?.text !== '?') edit(edits, node, host);
}
