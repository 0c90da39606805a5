/**
 * A reply to a command, independent of the protocol version.
 *
 * Strings have one byte per character (latin1): they are binary safe, cheap to compare and to slice, and need no encoding for a
 * socket.
 */
export type Reply =
	/** A bulk string. */
	| string
	/** An integer; a `bigint` if a number cannot represent it exactly. */
	| number
	| bigint
	/** A null bulk string. */
	| null
	| readonly Reply[]
	| SpecialReply;

export type SpecialReply =
	| {readonly kind: 'status'; readonly text: string}
	/** The text begins with the code: `ERR syntax error`. */
	| {readonly kind: 'error'; readonly text: string}
	| {readonly kind: 'null-array'}
	| {readonly kind: 'double'; readonly value: number}
	| {readonly kind: 'boolean'; readonly value: boolean}
	| {readonly kind: 'big-number'; readonly digits: string}
	| {readonly kind: 'verbatim'; readonly text: string}
	/** Keys and values alternate. */
	| {readonly kind: 'map'; readonly items: readonly Reply[]}
	| {readonly kind: 'set'; readonly items: readonly Reply[]}
	| {readonly kind: 'push'; readonly items: readonly Reply[]}
	/** Several replies in a row, such as the confirmations of one SUBSCRIBE. */
	| {readonly kind: 'sequence'; readonly items: readonly Reply[]};

export const ok: Reply = {kind: 'status', text: 'OK'};
export const queued: Reply = {kind: 'status', text: 'QUEUED'};
export const nullArray: Reply = {kind: 'null-array'};

export const status = (text: string): Reply => ({kind: 'status', text});
export const error = (text: string): SpecialReply & {kind: 'error'} => ({kind: 'error', text});
export const double = (value: number): Reply => ({kind: 'double', value});
export const verbatim = (text: string): Reply => ({kind: 'verbatim', text});
export const map = (items: readonly Reply[]): Reply => ({kind: 'map', items});
export const set = (items: readonly Reply[]): Reply => ({kind: 'set', items});
export const push = (items: readonly Reply[]): Reply => ({kind: 'push', items});
export const sequence = (items: readonly Reply[]): Reply => ({kind: 'sequence', items});

export function isError(reply: Reply | undefined): reply is SpecialReply & {kind: 'error'} {
	return typeof reply === 'object' && reply !== null && 'kind' in reply && reply.kind === 'error';
}
