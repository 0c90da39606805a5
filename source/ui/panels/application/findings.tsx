import {useCallback, useMemo} from 'react';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useApplication} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {findingCounts, findingMark, findingStyles} from '../../rows/application/finding-rows.js';
import {type Row, span, truncate} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

function FindingsPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const application = useApplication();
	const empty = useWhyNoTraffic();
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!application || empty !== undefined) return [[span(empty ?? '', 'dim')]];
			const {findings: found, commands} = application;
			if (found.length === 0)
				return [[span(`${glyphs.pass} none in ${formatCountOf(commands.total, 'command')}`, 'good')]];
			const left = found.length - height;
			const shown = left > 0 ? found.slice(0, Math.max(1, height - 1)) : found;
			return [
				...shown.map(({level, title, keys}): Row => {
					const words = `${title}${keys.length > 0 ? `: ${keys.join(' ')}` : ''}`;
					return [
						span(`${findingMark(level, glyphs)} `, findingStyles[level]),
						span(truncate(printable(words), width - 2, glyphs.ellipsis)),
					];
				}),
				...(left > 0
					? [[span(`${glyphs.down} ${formatCountOf(found.length - shown.length, 'more finding')}`, 'dim')]]
					: []),
			];
		},
		[application, empty, glyphs],
	);
	const notes = useMemo(() => {
		const counts = findingCounts(application?.findings ?? []);
		return counts.length > 0 ? [[...counts, span('  press 7', 'dim')], counts] : [];
	}, [application]);
	return (
		<Panel title={findings.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const findings: PanelEntry = {
	title: 'Findings',
	component: FindingsPanel,
	explain: {
		shows:
			"Problems in the application's use of Redis, the most serious first. Serious: wrong values, or all clients blocked. Warning: slow. Info: unnecessary cost. View 7 has the evidence, the reason and what to do.",
		source:
			'Rules over the traffic through the tap; notes/guide/findings.md has their thresholds. Key names are shown (hashed with --hide-keys), values never.',
		normal: 'None: a healthy application has no finding.',
	},
};
