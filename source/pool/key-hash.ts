/** FNV-1a over the UTF-16 units of a key: cheap, and the same in every process. */
export const hashKey = (key: string): number => {
	let hash = 0x81_1c_9d_c5;
	for (let index = 0; index < key.length; index++) {
		hash = Math.imul(hash ^ key.charCodeAt(index), 0x01_00_01_93);
	}
	// For short keys the low bits of FNV are weak, and the number of lanes is small.
	return (hash ^ (hash >>> 15)) >>> 0;
};
