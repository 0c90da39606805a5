import {randomInt} from 'node:crypto';

/** Different in each process, so that an attacker cannot choose keys that collide in hash tables. */
const seed = randomInt(2 ** 32) | 0;

/** The standard basis of FNV-1a, with which a key has the same hash in every process. */
export const commonBasis = 0x81_1c_9d_c5;

/** FNV-1a over the UTF-16 units of a key. With the default basis, hashes are valid in this process only. */
export const hashKey = (key: string, basis = seed): number => {
	let hash = basis;
	for (let index = 0; index < key.length; index++) {
		hash = Math.imul(hash ^ key.charCodeAt(index), 0x01_00_01_93);
	}
	// For short keys the low bits of FNV are weak, and the number of lanes is small.
	return (hash ^ (hash >>> 15)) >>> 0;
};
