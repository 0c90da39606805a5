import {useCallback} from 'react';
import type {CacheSnapshot, MemorySnapshot} from '../../../metrics/snapshot.js';
import {formatBytes, formatCount, formatShortCount, noData} from '../../../text/number.js';
import {area} from '../../charts/area.js';
import {bar} from '../../charts/bar.js';
import {niceMax} from '../../charts/scale.js';
import {labelRow} from '../../charts/time-axis.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {useTimeFrame} from '../../hooks/use-time-frame.js';
import {shareOf} from '../../rows/lane.js';
import {journalPeakOf} from '../../store/journal-peak.js';
import {samplesOf, type TimeFrame} from '../../store/time-frame.js';
import {padEnd, padStart, type Row, type Span, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';
import type {PanelEntry, PanelProps} from '../panel.js';

const nameWidth = 10;
const wordsWidth = 18;

/** From this width on, the peak is labeled with its outage. */
const wide = 44;

function gauge(name: string, share: number, style: StyleName, words: string, width: number, glyphs: Glyphs): Row {
	return [
		span(padEnd(name, nameWidth), 'dim'),
		...bar(share, Math.max(3, width - nameWidth - 1 - wordsWidth), glyphs, style),
		span(` ${padStart(words, wordsWidth)}`),
	];
}

const coherenceWords: Readonly<Record<MemorySnapshot['coherence'], string>> = {
	tracking: 'broadcast by Redis',
	tracked: 'tracked by Redis',
	bypass: 'bypassed: few hits',
	ttl: 'short TTLs only',
	off: 'memory tier off',
};

/** The data for the description of coherence. */
type CoherenceFacts = {
	readonly memory: Pick<MemorySnapshot, 'coherence'>;
	readonly mode: Pick<CacheSnapshot['mode'], 'mode'>;
	readonly nodes?: readonly Pick<MemorySnapshot, 'coherence'>[];
};

/** The coherence mode of memory. The snapshot has the mode of the worst node only. */
export function coherenceSpan({memory, mode, nodes = []}: CoherenceFacts): Span {
	if (memory.coherence === 'off') return span(coherenceWords.off);
	if (mode.mode !== 'connected') return span('none in an outage', 'warn');
	const announced = nodes.filter(({coherence}) => coherence !== 'ttl');
	const [first] = announced;
	if (first === undefined || announced.length === nodes.length)
		return span(coherenceWords[memory.coherence], memory.coherence === 'ttl' ? 'warn' : 'text');
	const way = first.coherence === 'tracking' ? 'broadcast' : first.coherence;
	return span(`${way} by ${announced.length} of ${nodes.length} nodes`, 'warn');
}

type Facts = Pick<CacheSnapshot, 'journal' | 'memory'> & {readonly journalPeak: number; readonly coherence: Span};

function factRows(
	{journal, memory, journalPeak, coherence: way}: Facts,
	width: number,
	height: number,
	glyphs: Glyphs,
): Row[] {
	const journalShare = shareOf(journal.size, journal.limit);
	const journalWords = `${formatShortCount(journal.size)} / ${formatShortCount(journal.limit)} keys`;
	const journalGauge = gauge('journal', journalShare, journalShare > 0.5 ? 'bad' : 'warn', journalWords, width, glyphs);
	const history: Row = [
		span(padEnd('', nameWidth)),
		span(`peak ${formatCount(journalPeak)}${width >= wide && journalPeak > 0 ? ' in the latest outage' : ''}`),
		...(journal.overflowed > 0 ? [span(`, overflowed ${formatCount(journal.overflowed)}${glyphs.times}`, 'bad')] : []),
	];
	const entries = gauge(
		'memory',
		shareOf(memory.entries, memory.maxEntries),
		'memory',
		`${formatShortCount(memory.entries)} / ${formatShortCount(memory.maxEntries)}`,
		width,
		glyphs,
	);
	const size = gauge(
		'bytes',
		shareOf(memory.bytes, memory.maxBytes),
		'memory',
		`${formatBytes(memory.bytes)} / ${formatBytes(memory.maxBytes)}`,
		width,
		glyphs,
	);
	const coherence: Row = [span(padEnd('coherence', nameWidth), 'dim'), way];
	// With few rows, the history of the journal is more important than the bytes of the memory tier.
	if (height >= 5) return [journalGauge, history, entries, size, coherence];
	if (height === 4) return [journalGauge, history, entries, coherence];
	return [journalGauge, entries, history].slice(0, height);
}

/** The journal over time, in the rows that are left. */
function historyRows(frame: TimeFrame, width: number, room: number, glyphs: Glyphs): Row[] {
	const columns = Math.max(1, width - nameWidth);
	const values = samplesOf(frame, columns).map((sample) => sample?.journal);
	const max = niceMax(Math.max(0, ...values.map((value) => value ?? 0)));
	const gap: Row[] = room >= 5 ? [[]] : [];
	const height = Math.min(room - 1 - gap.length, 8);
	const labelAt = (y: number) => (y === 0 ? formatShortCount(max) : y === height - 1 ? '0 keys' : '');
	const label = (text: string) => span(`${padStart(text, nameWidth - 1)} `, 'dim');
	const rows = area(values, {height, max, style: 'warn', outages: frame.outages, window: frame, glyphs});
	return [...gap, ...rows.map((row, y): Row => [label(labelAt(y)), ...row]), [label(''), ...labelRow(frame, columns)]];
}

function TiersPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const frame = useTimeFrame();
	const cache = useEngine(
		({snapshot}) => snapshot?.cache,
		(before, after) => hasSameFields(before?.journal, after?.journal) && hasSameFields(before?.memory, after?.memory),
	);
	const coherence = useEngine(({snapshot}) => snapshot?.cache && coherenceSpan(snapshot.cache), hasSameFields);
	const journalPeak = useEngine(journalPeakOf);
	const draw: Draw = useCallback(
		({width, height}) => {
			if (!cache || !coherence) return [[span(noData, 'dim')]];
			const facts = factRows({...cache, journalPeak, coherence}, width, height, glyphs);
			const room = height - facts.length;
			return room >= 3 ? [...facts, ...historyRows(frame, width, room, glyphs)] : facts;
		},
		[cache, coherence, journalPeak, frame, glyphs],
	);
	return (
		<Panel title={tiers.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const tiers: PanelEntry = {
	title: 'Journal and memory',
	component: TiersPanel,
	explain: {
		shows:
			'The journal: dirty keys, with a write or delete that is not known to have reached Redis; and their peak in the latest outage. The memory tier: the entries in this process, their estimated size, and how they stay coherent with other processes: Redis reports each change to every process (broadcast), or only changes of keys that the process has read (tracked), or entries have short TTLs. While memory would answer hardly any reads, it is bypassed: each read asks Redis, and memory only serves outages.',
		source: 'The cache, in each snapshot.',
		normal:
			'The journal is empty while connected, grows in an outage with each write and delete, and empties at once on recovery. If it overflows, the whole namespace is invalidated instead: no wrong reads, but every entry becomes a miss.',
	},
};
