import {randomInt} from 'node:crypto';

/** Different in each process, so that who chooses keys cannot make many of them that share a place in a table. */
const seed = randomInt(2 ** 32) | 0;

/** The usual basis of FNV-1a, with which a key has the same hash in every process. */
export const commonBasis = 0x81_1c_9d_c5;

/** FNV-1a over the UTF-16 units of a key: cheap, and with the default basis the same only as long as this process lives. */
export const hashKey = (key: string, basis = seed): number => {
	let hash = basis;
	for (let index = 0; index < key.length; index++) {
		hash = Math.imul(hash ^ key.charCodeAt(index), 0x01_00_01_93);
	}
	// For short keys the low bits of FNV are weak, and the number of lanes is small.
	return (hash ^ (hash >>> 15)) >>> 0;
};
