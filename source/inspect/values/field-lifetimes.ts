import {ServerError} from '../../pool/errors.js';
import {formatElapsed} from '../../text/duration.js';
import {listOf, numberOf, type Sender} from '../sender.js';

/** Senders whose server does not support TTLs of hash fields: Redis before 7.4. */
const withoutFieldTtls = new WeakSet<Sender>();

/**
 * When the fields of a hash expire, in words: `expires in 4m 12s`; undefined for a field without TTL. Returns undefined if the
 * server does not support TTLs of fields.
 */
export async function fieldLifetimes(
	sender: Sender,
	key: Buffer,
	fields: readonly Buffer[],
): Promise<readonly (string | undefined)[] | undefined> {
	if (fields.length === 0 || withoutFieldTtls.has(sender)) return undefined;
	try {
		const reply = listOf(await sender.send('HPTTL', [key, 'FIELDS', fields.length, ...fields]));
		return fields.map((_, index) => {
			const left = numberOf(reply[index]) ?? -1;
			return left < 0 ? undefined : `expires in ${formatElapsed(left)}`;
		});
	} catch (error) {
		if (!(error instanceof ServerError)) throw error;
		if (error.kind !== 'unavailable') withoutFieldTtls.add(sender);
		return undefined;
	}
}
