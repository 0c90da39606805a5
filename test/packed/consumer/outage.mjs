// A drill that lasts a second and a half, and may be slow.
export const outage = {
	name: 'outage',
	summary: 'Redis cannot be reached for half a second',
	duration: '1.5s',
	workload: {rate: 200, keys: 100},
	cache: {deadline: '2s'},
	steps: [{at: '500ms', fault: 'refuse', for: '400ms'}],
	expectations: ['wrongReads == 0', 'hungCalls == 0'],
};
