import {useCallback, useMemo} from 'react';
import type {ModeChange} from '../../../metrics/snapshot.js';
import {formatAge} from '../../../text/duration.js';
import {printable} from '../../../text/printable.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {modeColumns, modeLine, modeStyles, outageLine} from '../../charts/mode-line.js';
import {axisRow, labelRow} from '../../charts/time-axis.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useOutageSummary} from '../../hooks/use-outage-summary.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {restrictionWords} from '../../rows/restriction-words.js';
import {verdictMark} from '../../rows/verdict-marks.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** Cells of the names of the lines. */
const nameWidth = 8;

/** All mode changes, newest first. */
function changeRows(changes: readonly ModeChange[], now: number, glyphs: Glyphs): Row[] {
	return changes
		.map(
			({mode, at, reason}, index): Row => [
				span(`${formatTimeOfDay(at)} `, 'dim'),
				span(padEnd(`${glyphs.modes[mode]} ${mode}`, 13), modeStyles[mode]),
				span(`${padStart(formatAge((changes[index + 1]?.at ?? now) - at), 8)}  `),
				span(printable(reason), 'dim'),
			],
		)
		.reverse();
}

/** The mode with its duration and its reason; for `connected`, the reason for which Redis refuses commands, if it does. For a live process that has ended, its last mode. */
function useModeNotes(): readonly Row[] {
	const glyphs = useGlyphs();
	const now = useEngine(({snapshot}) => {
		if (!snapshot) return undefined;
		const {mode, at, reason} = snapshot.cache.mode;
		const nodes = snapshot.cache.nodes ?? [];
		const lost = nodes.filter((node) => node.mode.mode !== 'connected');
		const {attached} = snapshot;
		const absent = attached && attached.state !== 'live' ? attached : undefined;
		return {
			mode,
			reason: mode === 'connected' ? (snapshot.cache.restrictions[0]?.reason ?? '') : reason,
			refused: restrictionWords(snapshot.cache),
			absence: absent?.state,
			lasted: formatAge(snapshot.at - (absent?.since ?? at)),
			nodes: lost.length > 0 ? `${nodes.length - lost.length}/${nodes.length}` : '',
		};
	}, hasSameFields);
	return useMemo(() => {
		if (!now) return [];
		const {mode, reason, refused, absence, lasted, nodes} = now;
		if (absence !== undefined) {
			const mark = verdictMark(absence === 'ended' ? 'bad' : 'warn', glyphs);
			const words = span(`${mark} ${absence}`, absence === 'ended' ? 'bad' : 'warn');
			return [[words, span(` ${lasted}`), span(`  was ${mode}`, 'dim')]];
		}
		const words: Row = [
			span(`${glyphs.modes[mode]} ${mode}`, modeStyles[mode]),
			...(nodes === '' ? [] : [span(` ${nodes} nodes`, 'bad')]),
			...(refused === '' ? [] : [span(` ${refused}`, 'bad')]),
			span(` ${lasted}`),
		];
		return [...(reason !== '' ? [[...words, span(`  ${printable(reason)}`, 'dim')]] : []), words];
	}, [now, glyphs]);
}

function ModeLines() {
	const glyphs = useGlyphs();
	const frame = useTimeFrame();
	const modes = useEngine((state) => state.modes);
	const summary = useOutageSummary();
	// Outages of a live process cannot be simulated by this program.
	const hasOutages = useEngine(({snapshot}) => snapshot?.source !== 'process');
	const draw: Draw = useCallback(
		({width, height}) => {
			const columns = Math.max(1, width - nameWidth);
			const name = (text: string) => span(padEnd(text, nameWidth), 'dim');
			const lines: Row[] = [
				[name('mode'), ...modeLine(modeColumns(modes, columns, frame), glyphs)],
				...(hasOutages ? [[name('outage'), ...outageLine(frame.outages, columns, frame, glyphs)]] : []),
				...(height >= (hasOutages ? 5 : 4) ? [[name(''), ...axisRow(frame, columns, [], glyphs)]] : []),
				[name(''), ...labelRow(frame, columns)],
				[name(summary.isActive ? 'now' : 'latest'), ...summary.row(columns)],
			];
			if (height < lines.length + 3) return lines;
			return [...lines, [], [span('Mode changes', 'title')], ...changeRows(modes, frame.to, glyphs)];
		},
		[glyphs, frame, modes, summary, hasOutages],
	);
	return <Raster draw={draw} />;
}

function ModesPanel({isFocused}: PanelProps) {
	return (
		<Panel title={modesPanel.title} notes={useModeNotes()} isFocused={isFocused}>
			<ModeLines />
		</Panel>
	);
}

const modesPanel: PanelEntry = {
	title: 'Mode and outages',
	component: ModesPanel,
	explain: {
		shows:
			'The mode of the cache and the simulated outages, over the same time as the charts. Low line: connected, Redis is in use. Full block: fallback, no call waits for Redis. Half block: recovering, the journal is reconciled before Redis is read again. The last line sums up the latest outage: how long it lasted, the time to fall back, the time to recover, wrong reads. Enlarged, the panel lists all mode changes.',
		source: 'The mode changes that the cache reports, and the faults that this program has started.',
		normal:
			'Connected all the time. An outage leads to fallback within a fraction of a second; afterwards the cache recovers and is connected again within a second.',
	},
};

export {modesPanel as modes};
