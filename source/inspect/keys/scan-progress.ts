import {type Missing, numberOf, type Sender} from '../sender.js';

/** The progress of a scan after one part of it. */
export type ScanProgress = Missing & {
	/** Approximate number of keys visited in this part. */
	readonly scanned: number;
	/** Number of keys in the database; undefined if the server does not report it. */
	readonly total: number | undefined;
	/** Duration of this part in milliseconds. */
	readonly tookMs: number;
	/** Cursor for the next part; undefined after the last one. */
	readonly cursor: string | undefined;
};

/** The number of keys in the database; undefined for a user without the right to DBSIZE. */
export async function keyTotal(sender: Sender): Promise<number | undefined> {
	return sender.send('DBSIZE', []).then(numberOf, () => undefined);
}
