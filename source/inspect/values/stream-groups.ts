import {listOf, numberOf, type Sender, textOf} from '../sender.js';

/** A consumer group of a stream. */
export type StreamGroup = {
	readonly name: string;
	readonly consumers: number;
	/** Entries that were delivered and not acknowledged. */
	readonly pending: number;
	/** Entries that were not delivered yet; undefined where the server does not report it, as before Redis 7. */
	readonly lag: number | undefined;
	readonly lastDeliveredId: string;
};

/** Groups that are read of one stream. */
const maxGroups = 50;

/** Reads the consumer groups of a stream. A user without the right to XINFO sees none. */
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
