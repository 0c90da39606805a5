import type {DrillFile} from '../../../source/testing/testing.js';

const workload = {rate: 200, keys: 300, seed: 7};
const expectations = ['wrongReads == 0', 'hungCalls == 0', 'failedCalls == 0', 'recoveryMs <= 1000'];

/** Outages that every library goes through in the same way. */
export const healDrills: readonly DrillFile[] = [
	{
		name: 'black-hole',
		summary: 'a firewall drops every packet, silently, for 3 s',
		duration: '8s',
		workload,
		steps: [{at: '2s', fault: 'blackhole', for: '3s'}],
		expectations,
	},
	{
		name: 'refused',
		summary: 'connections are cut and new ones refused for 3 s',
		duration: '8s',
		workload,
		steps: [{at: '2s', fault: 'refuse', for: '3s'}],
		expectations,
	},
	{
		name: 'stall',
		summary: 'the network holds every byte for 3 s and then delivers it all: commands that timed out execute late',
		duration: '8s',
		workload,
		steps: [{at: '2s', fault: 'stall', for: '3s'}],
		expectations,
	},
	{
		name: 'killed',
		summary: 'Redis is killed, and comes back empty after 3 s',
		duration: '8s',
		workload,
		steps: [{at: '2s', fault: 'kill', for: '3s'}],
		expectations,
	},
	{
		name: 'past-the-ttl',
		summary: 'refused for 4 s, while values live 2 s: old copies may outlive the newer ones in memory',
		duration: '9s',
		workload: {...workload, ttl: '2s'},
		steps: [{at: '2s', fault: 'refuse', for: '4s'}],
		expectations,
	},
];
