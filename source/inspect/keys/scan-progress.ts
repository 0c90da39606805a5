import {type Missing, numberOf, type Sender} from '../sender.js';

/** The progress of a scan after one part of it. */
export type ScanProgress = Missing & {
	/** Keys visited in this part, about. */
	readonly scanned: number;
	/** Keys in the database; undefined if the server does not report it. */
	readonly total: number | undefined;
	/** Milliseconds that this part took. */
	readonly tookMs: number;
	/** Where the next part starts; undefined after the last one. */
	readonly cursor: string | undefined;
};

/** The number of keys in the database; undefined for a user without the right to DBSIZE. */
export async function keyTotal(sender: Sender): Promise<number | undefined> {
	return sender.send('DBSIZE', []).then(numberOf, () => undefined);
}
