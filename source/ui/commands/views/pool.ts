import {noEffects} from '../../state/command.js';
import {runAndShow} from '../../state/reply.js';
import {engineCommand} from '../define.js';

const minLanes = 1;
const maxLanes = 64;

export const pool = engineCommand('pool', {
	shortcuts: [
		{
			in: 'pool',
			keystrokes: ['+', '=', '-'],
			shown: '+ -',
			label: 'add or remove a lane',
			help: 'Add or remove a lane, under traffic',
			sources: ['cache', 'server'],
			footer: 50,
		},
	],
	press(state, {snapshot}, {keystroke}) {
		if (snapshot === undefined) return noEffects(state);
		const all = snapshot.cache.pool.lanes;
		const isCluster = (snapshot.cache.nodes ?? []).length > 0;
		// In a cluster, the number of lanes of one node: each node has the same number.
		const lanes = isCluster ? all.filter(({node}) => node === all[0]?.node).length : all.length;
		const wanted = Math.min(maxLanes, Math.max(minLanes, lanes + (keystroke.name === '-' ? -1 : 1)));
		if (wanted === lanes) return noEffects(state);
		return runAndShow(state, {name: 'pool', args: ['resize', String(wanted)]});
	},
});
