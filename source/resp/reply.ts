/**
 * A reply to a command, independent of the protocol version.
 *
 * Strings hold one byte in each character (latin1): binary safe, cheap to compare and to slice, and written to a socket
 * as they are.
 */
export type Reply =
	/** A bulk string. */
	| string
	/** An integer; `bigint` beyond what a number holds exactly. */
	| number
	| bigint
	/** A null bulk string. */
	| null
	| readonly Reply[]
	| SpecialReply;

export type SpecialReply =
	| {readonly kind: 'status'; readonly text: string}
	/** Starts with its code: `ERR syntax error`. */
	| {readonly kind: 'error'; readonly text: string}
	| {readonly kind: 'null-array'}
	| {readonly kind: 'double'; readonly value: number}
	| {readonly kind: 'boolean'; readonly value: boolean}
	| {readonly kind: 'big-number'; readonly digits: string}
	| {readonly kind: 'verbatim'; readonly text: string}
	/** Alternating keys and values. */
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
