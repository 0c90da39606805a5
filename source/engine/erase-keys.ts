import type {Sender} from '../inspect/sender.js';

/** Keys whose removal is under way at once. */
const batch = 500;

/** Removes keys by name, each by a command of its own: in a cluster they live in different places. */
export async function eraseKeys(sender: Sender, keys: Iterable<string>): Promise<void> {
	let removals: Promise<unknown>[] = [];
	for (const key of keys) {
		removals.push(sender.send('UNLINK', [key]));
		if (removals.length < batch) continue;
		await Promise.all(removals);
		removals = [];
	}
	await Promise.all(removals);
}
