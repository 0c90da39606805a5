import type {ReplyNode} from '../../resp/reply-tree.js';
import {addressOf} from '../address.js';
import {type Edits, edit, fieldsOf} from './edits.js';
import {editPair} from './server-replies.js';
import type {TellEndpoint} from './tell-endpoint.js';

/** SENTINEL MASTER, or a list of such: servers and Sentinels as fields. */
export function editInstances(edits: Edits, reply: ReplyNode, tell: TellEndpoint): void {
	const isList = reply.items[0]?.text === undefined;
	for (const instance of isList ? reply.items : [reply]) editInstance(edits, instance, tell);
}

function editInstance(edits: Edits, instance: ReplyNode, tell: TellEndpoint): void {
	const fields = fieldsOf(instance);
	const node = (field: string) => fields.get(field)?.value;
	const [name, ip, port] = [node('name'), node('ip'), node('port')];
	// A replica is named by its address.
	if (name?.text !== undefined && ip?.text !== undefined)
		edit(edits, name, tellName(name.text, ip.text, port?.text ?? '', tell));
	editPair(edits, ip, port, tell);
	editPair(edits, node('master-host'), node('master-port'), tell);
}

const messageKinds = new Set(['message', 'pmessage']);

/** Names of the channels in which Sentinels publish events. */
const eventChannel = /^[+-][a-z-]+$/;

/** Events with the former and the new address of a master: `name 10.0.0.7 6379 10.0.0.8 6379`. */
const addressChanges = new Set(['+switch-master', '+redirect-to-master']);

/** A message of a Sentinel, `['message', '+sdown', 'master name 10.0.0.7 6379']`, with or without its pattern. */
export function editMessage(edits: Edits, {items}: ReplyNode, tell: TellEndpoint): void {
	const [channel, payload] = items.slice(-2);
	if (!messageKinds.has(items[0]?.text ?? '') || !eventChannel.test(channel?.text ?? '')) return;
	const tellEvent = addressChanges.has(channel?.text ?? '') ? tellChange : tellInstance;
	edit(edits, payload, tellEvent(payload?.text ?? '', tell));
}

function tellChange(text: string, tell: TellEndpoint): string {
	return text.replace(
		/^(\S+) (\S+) (\d+) (\S+) (\d+)$/,
		(_, name: string, oldHost: string, oldPort: string, host: string, port: string) =>
			`${name} ${tellWords(oldHost, oldPort, tell)} ${tellWords(host, port, tell)}`,
	);
}

/** `slave 10.0.0.8:6379 10.0.0.8 6379 @ name 10.0.0.7 6379`, possibly followed by more text. */
function tellInstance(text: string, tell: TellEndpoint): string {
	return text.replace(
		/^((?:master|slave|sentinel) )(\S+) (\S+) (\d+)(?:( @ \S+ )(\S+) (\d+))?(?!\S)/,
		(
			_,
			type: string,
			name: string,
			host: string,
			port: string,
			at?: string,
			masterHost?: string,
			masterPort?: string,
		) => {
			const instance = `${type}${tellName(name, host, port, tell)} ${tellWords(host, port, tell)}`;
			return at === undefined ? instance : `${instance}${at}${tellWords(masterHost ?? '', masterPort ?? '', tell)}`;
		},
	);
}

function tellWords(host: string, port: string, tell: TellEndpoint): string {
	const told = tell(host, port);
	return told === undefined ? `${host} ${port}` : `${told.host} ${told.port}`;
}

/** Replaces the name of an instance if it is its address; any other name is kept. */
function tellName(name: string, host: string, port: string, tell: TellEndpoint): string {
	if (name !== `${host}:${port}` && name !== `[${host}]:${port}`) return name;
	const told = tell(host, port);
	return told === undefined ? name : addressOf(told);
}
