/** The first byte of a payload: how a value is written in Redis's file format. */
export const valueTypes = {
	string: 0,
	list: 1,
	set: 2,
	hash: 4,
	sortedSet: 5,
	intSet: 11,
	hashListpack: 16,
	sortedSetListpack: 17,
	quicklist: 18,
} as const;
