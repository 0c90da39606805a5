import {useMemo} from 'react';
import {formatCount} from '../../../text/number.js';
import {countScale, formatTick, niceMax} from '../../charts/scale.js';
import {LineChart, type Series} from '../../components/line-chart.js';
import {Panel} from '../../components/panel.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {journalPeakOf} from '../../store/journal-peak.js';
import {span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

const series: readonly Series[] = [{value: (sample) => sample.journal, style: 'warn', shape: 0}];

const scale = (highest: number) => countScale(niceMax(highest), formatTick);

function JournalPanel({isFocused}: PanelProps) {
	const now = useEngine(({snapshot}) => snapshot?.cache.journal, hasSameFields);
	const peak = useEngine(journalPeakOf);
	const notes = useMemo(
		() =>
			now && [
				[
					span(`${formatCount(now.size).padStart(6)} keys`, now.size > 0 ? 'warn' : 'good'),
					span(`  peak ${formatCount(peak)}, limit ${formatCount(now.limit)}`, 'dim'),
				],
			],
		[now, peak],
	);
	return (
		<Panel title={journal.title} {...(notes && {notes})} isFocused={isFocused}>
			<LineChart series={series} scale={scale} />
		</Panel>
	);
}

export const journal: PanelEntry = {
	title: 'Journal over time',
	component: JournalPanel,
	explain: {
		shows:
			'The number of dirty keys over time: keys with a write or delete that is not known to have reached Redis. Each column shows its highest value, and the peak is that of the latest outage.',
		source: 'The journal of the cache, in each snapshot. The axis is scaled in steps of 1, 2, 5.',
		normal:
			'Zero while connected. In an outage it grows as fast as the application writes, and on recovery it drops to zero. A journal that does not empty means that Redis refuses the reconciliation; the log has the reason.',
	},
};
