import {listOf, numberOf, type Sender, textOf} from '../sender.js';

/** A consumer group of a stream. */
export type StreamGroup = {
	readonly name: string;
	readonly consumers: number;
	/** Number of entries that were delivered and not acknowledged. */
	readonly pending: number;
	/** Number of entries that were not delivered yet; undefined if the server does not report it, as before Redis 7. */
	readonly lag: number | undefined;
	readonly lastDeliveredId: string;
};

/** Maximum number of groups that are read per stream. */
const maxGroups = 50;

/** Reads the consumer groups of a stream. Returns none if the user has no right to XINFO. */
export async function streamGroups(sender: Sender, key: Buffer): Promise<readonly StreamGroup[]> {
	const groups = await sender.send('XINFO', ['GROUPS', key]).then(listOf, () => []);
	return groups.slice(0, maxGroups).map((group) => {
		const flat = listOf(group);
		const field = (name: string) => flat[flat.findIndex((item, index) => index % 2 === 0 && textOf(item) === name) + 1];
		return {
			name: textOf(field('name')),
			consumers: numberOf(field('consumers')) ?? 0,
			pending: numberOf(field('pending')) ?? 0,
			lag: numberOf(field('lag')),
			lastDeliveredId: textOf(field('last-delivered-id')),
		};
	});
}
