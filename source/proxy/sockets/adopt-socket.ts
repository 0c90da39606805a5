import {Socket, type SocketConstructorOpts} from 'node:net';
import type {OnBytes, ReadBuffers} from './read-buffers.js';

/** Undocumented parts of a Node.js socket. */
type Insides = {_handle?: {readonly useUserBuffer?: unknown} | null};

type SocketOptions = SocketConstructorOpts & {readonly handle: NonNullable<Insides['_handle']>};

/** Takes over a socket that a server has just accepted, and reads it. Returns the socket to use from then on. */
export type TakeOver = (accepted: Socket, buffers: ReadBuffers, onBytes: OnBytes) => Socket;

/**
 * Reads an accepted socket into reused buffers, as the option `onread` of `connect` does; servers have no such option. For that
 * the connection is moved to a new socket, through an undocumented part of Node.js. If that is missing, the socket is read
 * normally. `canAdopt` tests if it works.
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

/** Reads a socket normally, into memory that Node.js allocates for each read. */
export const readSocket: TakeOver = (accepted, _buffers, onBytes) => accepted.on('data', onBytes);
