import {isErrorType, replyKinds} from '../../resp/replies/reply-kinds.js';
import {type ReplyNode, readReplyTree, replaceTexts} from '../../resp/reply-tree.js';
import type {AddressedKind, AddressedReply} from './addressed-replies.js';
import {editShards, editSlots, tellNodeLines} from './cluster-replies.js';
import {type Edits, eachLeaf, edit} from './edits.js';
import {editInstances, editMessage} from './sentinel-replies.js';
import {editPair, editRole, tellInfo, tellRedirection} from './server-replies.js';
import type {TellEndpoint} from './tell-endpoint.js';

/** How server addresses are replaced for the client of a connection. */
export type Telling = {
	readonly tell: TellEndpoint;
	/** True if the proxy uses TLS to the server, and clients do not. */
	readonly speaksTls: boolean;
};

/** Rewrites the addresses in a whole reply. Returns undefined if it has none. */
export function rewriteReply(
	reply: Buffer,
	what: AddressedReply | 'message' | 'error',
	telling: Telling,
): Buffer | undefined {
	const bytes = reply.toString('latin1');
	const tree = readReplyTree(bytes);
	if (tree === undefined) return undefined;
	const edits: Edits = new Map();
	if (what === 'message') editMessage(edits, tree, telling.tell);
	else if (what !== 'error') editReply(edits, tree, what, telling);
	eachLeaf(tree, (leaf) => {
		if (isErrorType(leaf.type)) edit(edits, leaf, tellRedirection(leaf.text ?? '', telling.tell));
	});
	return edits.size === 0 ? undefined : Buffer.from(replaceTexts(bytes, edits), 'latin1');
}

function editReply(edits: Edits, tree: ReplyNode, what: AddressedReply, telling: Telling): void {
	if (typeof what === 'string') {
		editKind[what](edits, tree, telling);
		return;
	}
	// A reply of another length is not the EXEC reply to these commands.
	if (tree.items.length !== what.queued) return;
	for (const [index, kind] of what.kinds) {
		const item = tree.items[index];
		if (item !== undefined) editKind[kind](edits, item, telling);
	}
}

const editKind: Readonly<Record<AddressedKind, (edits: Edits, reply: ReplyNode, telling: Telling) => void>> = {
	slots: (edits, reply, {tell}) => editSlots(edits, reply, tell),
	shards: (edits, reply, {tell, speaksTls}) => editShards(edits, reply, tell, speaksTls),
	nodes: (edits, reply, {tell}) => editTexts(edits, reply, (text) => tellNodeLines(text, tell)),
	info: (edits, reply, {tell}) => editTexts(edits, reply, (text) => tellInfo(text, tell)),
	role: (edits, reply, {tell}) => editRole(edits, reply, tell),
	address: (edits, {items: [host, port]}, {tell}) => editPair(edits, host, port, tell),
	instances: (edits, reply, {tell}) => editInstances(edits, reply, tell),
};

function editTexts(edits: Edits, reply: ReplyNode, change: (text: string) => string): void {
	eachLeaf(reply, (leaf) => {
		if (replyKinds[leaf.type] === 'bulk') edit(edits, leaf, change(leaf.text ?? ''));
	});
}
