import type {OnReadOpts} from 'node:net';

/** Bytes that are read at once: at first, and where a socket has filled its buffer. */
const smallBytes = 2048;
const largeBytes = 64 * 1024;

/** Large buffers at the same time. Other sockets then read in more and smaller pieces. */
const maxLarge = 256;

/** Reads in a row that a small buffer would have done for, after which a socket gets one again. */
const calmReads = 64;

/** Takes bytes of a socket. Returns true if they are still in use afterwards, and must not be overwritten. */
export type OnBytes = (bytes: Buffer) => boolean;

/**
 * Memory into which sockets read, over and over. Node.js by itself allocates 64 KB for each read and cuts them down to what
 * has come, which costs more than everything else that a proxy does with a small command.
 */
export class ReadBuffers {
	#large = 0;

	/** The `onread` of a socket, and a function to be called once it is closed. */
	open(onBytes: OnBytes): {readonly onread: OnReadOpts; release(): void} {
		let buffer = Buffer.allocUnsafeSlow(smallBytes);
		/** The part of it that was read last: commands of one kind, and their replies, are often of one length. */
		let read = buffer;
		let smallReads = 0;
		let wasKept = false;
		const replace = (bytes: number) => {
			buffer = Buffer.allocUnsafeSlow(bytes);
			read = buffer;
		};
		const resize = (bytes: number) => {
			this.#large += bytes === largeBytes ? 1 : -1;
			replace(bytes);
			smallReads = 0;
		};
		const onread: OnReadOpts = {
			buffer: () => buffer,
			callback: (length) => {
				const isLarge = buffer.length === largeBytes;
				smallReads = isLarge && length <= smallBytes ? smallReads + 1 : 0;
				if (read.length !== length) read = buffer.subarray(0, length);
				// Where one piece is held the next ones are, too: small ones would each hold a whole buffer.
				const piece = wasKept && 2 * length < buffer.length ? Buffer.from(read) : read;
				wasKept = onBytes(piece);
				if (!isLarge && length === smallBytes && this.#large < maxLarge) resize(largeBytes);
				else if (isLarge && smallReads >= calmReads) resize(smallBytes);
				else if (wasKept && piece === read) replace(buffer.length);
				return true;
			},
		};
		const release = () => {
			if (buffer.length === largeBytes) this.#large--;
			replace(0);
		};
		return {onread, release};
	}
}
