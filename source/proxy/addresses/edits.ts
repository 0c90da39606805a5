import type {ReplyNode} from '../../resp/reply-tree.js';

/** The new texts of elements of a reply. */
export type Edits = Map<ReplyNode, string>;

/** An element whose key is the one before it, in a map or in an array of keys and values. */
export type Field = {readonly key: ReplyNode; readonly value: ReplyNode};

/** The fields of a map, or of an array of keys and values. */
export function fieldsOf(node: ReplyNode | undefined): ReadonlyMap<string, Field> {
	const fields = new Map<string, Field>();
	for (let index = 0; node !== undefined && index + 1 < node.items.length; index += 2) {
		const [key, value] = [node.items[index], node.items[index + 1]];
		if (key?.text !== undefined && value !== undefined) fields.set(key.text, {key, value});
	}
	return fields;
}

/** Replaces the text of an element. Null and aggregates are not changed. */
export function edit(edits: Edits, node: ReplyNode | undefined, text: string | number): void {
	if (node?.text !== undefined && node.text !== String(text)) edits.set(node, String(text));
}

/** Calls a function for each element that is not an aggregate, at any depth. */
export function eachLeaf(node: ReplyNode, visit: (leaf: ReplyNode) => void): void {
	if (node.items.length === 0) visit(node);
	for (const item of node.items) eachLeaf(item, visit);
}
