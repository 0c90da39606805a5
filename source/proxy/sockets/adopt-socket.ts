import {Socket, type SocketConstructorOpts} from 'node:net';
import type {OnBytes, ReadBuffers} from './read-buffers.js';

/** The parts of a socket that Node.js does not document. */
type Insides = {_handle?: {readonly useUserBuffer?: unknown} | null};

type SocketOptions = SocketConstructorOpts & {readonly handle: NonNullable<Insides['_handle']>};

/** Takes over a socket that a server has just accepted, and reads it. Returns the socket that is to be used from then on. */
export type TakeOver = (accepted: Socket, buffers: ReadBuffers, onBytes: OnBytes) => Socket;

/**
 * Reads a socket that a server has just accepted into memory of ours, as `onread` of `connect` does: a server has no such
 * option. The connection changes to a new socket for that, by a part of Node.js that is not documented; where it is not
 * found, the socket is read as any other. `canAdopt` tests if it works.
 */
export const adoptSocket: TakeOver = (accepted, buffers, onBytes) => {
	const insides = accepted as Insides;
	const handle = insides._handle;
	if (typeof handle?.useUserBuffer !== 'function') return readSocket(accepted, buffers, onBytes);
	const {onread, release} = buffers.open(onBytes);
	insides._handle = null;
	const options: SocketOptions = {handle, onread, allowHalfOpen: true};
	return new Socket(options).once('close', release);
};

/** Reads a socket as any other, into memory that Node.js allocates for each read. */
export const readSocket: TakeOver = (accepted, _buffers, onBytes) => accepted.on('data', onBytes);
