import type {Sender} from '../../../inspect/sender.js';

/** Most removals in flight. */
const batchSize = 500;

/** Removes Redis keys, each by a separate command, since in a cluster they are on different nodes. */
export async function eraseKeys(sender: Sender, keys: Iterable<string>): Promise<void> {
	let removals: Promise<unknown>[] = [];
	for (const key of keys) {
		removals.push(sender.send('UNLINK', [key]));
		if (removals.length < batchSize) continue;
		await Promise.all(removals);
		removals = [];
	}
	await Promise.all(removals);
}
