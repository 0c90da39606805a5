/** The form of the content after the type byte of a reply or an element. */
export type ReplyKind = 'line' | 'null' | 'integer' | 'bulk' | 'aggregate' | 'map' | 'attribute';

const simpleError = '-'.charCodeAt(0);
const bulkError = '!'.charCodeAt(0);

export function isErrorType(byte: number): boolean {
	return byte === simpleError || byte === bulkError;
}

/** The type byte of a push, which a server sends without a request. */
export const pushType = '>'.charCodeAt(0);

/** By type byte. */
export const replyKinds: readonly (ReplyKind | undefined)[] = table({
	'+': 'line',
	'-': 'line',
	'#': 'line',
	',': 'line',
	'(': 'line',
	_: 'null',
	':': 'integer',
	$: 'bulk',
	'=': 'bulk',
	'!': 'bulk',
	'*': 'aggregate',
	'~': 'aggregate',
	'>': 'aggregate',
	'%': 'map',
	'|': 'attribute',
});

/** An array lookup by byte is several times as fast as a Map, and happens for each element of each reply. */
function table(entries: Readonly<Record<string, ReplyKind>>): (ReplyKind | undefined)[] {
	const result = new Array<ReplyKind | undefined>(256).fill(undefined);
	for (const [character, kind] of Object.entries(entries)) result[character.charCodeAt(0)] = kind;
	return result;
}
