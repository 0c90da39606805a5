import {LiveProcess} from './live-process.js';
import type {WatchedCache} from './watched-cache.js';

/** The socket of this thread, for all of its caches. */
let current: {readonly live: Promise<LiveProcess>; caches: number} | undefined;

/**
 * Offers a cache to viewers.
 *
 * @returns A function that stops offering it. With the last cache of the thread the socket goes.
 * @throws {LiveFolderError} The socket cannot be created.
 */
export async function publishCache(cache: WatchedCache): Promise<() => void> {
	current ??= {live: LiveProcess.start(), caches: 0};
	const own = current;
	own.caches++;
	const leave = () => {
		own.caches--;
		if (own.caches > 0) return undefined;
		if (current === own) current = undefined;
		return own.live;
	};
	try {
		const live = await own.live;
		const remove = live.add(cache);
		return () => {
			remove();
			if (leave() !== undefined) live.close();
		};
	} catch (error) {
		leave();
		throw error;
	}
}
