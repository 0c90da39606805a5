import type {OnReadOpts} from 'node:net';

/** Sizes of a read buffer: at first, and after a socket has filled its buffer. */
const smallBytes = 2048;
const largeBytes = 64 * 1024;

/** Most large buffers at the same time. Further sockets read in more and smaller pieces. */
const maxLarge = 256;

/** Number of consecutive reads that would have fit into a small buffer after which a socket gets one again. */
const calmReads = 64;

/** Takes bytes of a socket. Returns true if they are still in use afterwards, and must not be overwritten. */
export type OnBytes = (bytes: Buffer) => boolean;

/**
 * Reused read buffers for sockets. By default Node.js allocates 64 KB for each read and shrinks them to the received size,
 * which costs more than all other work of a proxy for a small command.
 */
export class ReadBuffers {
	#large = 0;

	/** The `onread` of a socket, and a function to be called once it is closed. */
	open(onBytes: OnBytes): {readonly onread: OnReadOpts; release(): void} {
		let buffer = Buffer.allocUnsafeSlow(smallBytes);
		/**
		 * The view of the last read, which is reused for the same length: commands of one kind, and their replies, often have
		 * equal lengths.
		 */
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
				// If one chunk is held, the next ones probably are, too. Small ones are copied, since each would keep a whole
				// buffer.
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
