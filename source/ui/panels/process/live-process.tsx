import {useCallback, useMemo} from 'react';
import type {AttachedSnapshot, EngineSnapshot} from '../../../engine/protocol.js';
import {formatAge} from '../../../text/duration.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {processState} from '../../rows/process/process-state.js';
import {verdictSentenceRows} from '../../rows/verdict-marks.js';
import {type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

type Facts = Pick<AttachedSnapshot, 'name' | 'pid' | 'version' | 'node' | 'namespace'> & {readonly up: string};

function factsOf({at, attached}: EngineSnapshot): Facts | undefined {
	if (!attached) return undefined;
	const {name, pid, version, node, namespace, processStartedAt} = attached;
	return {name, pid, version, node, namespace, up: formatAge(at - processStartedAt)};
}

/** The process, from the longest wording to the shortest. */
function notesOf({name, pid, version, node, namespace, up}: Facts): readonly Row[] {
	const who = [span(printable(name), 'accent'), span(`  process ${pid}`, 'dim')];
	const since = [...who, span(`, up ${up}`, 'dim')];
	return [
		[
			...since,
			span(`, namespace ${printable(namespace)}, version ${printable(version)}, Node.js ${printable(node)}`, 'dim'),
		],
		[...since, span(`, namespace ${printable(namespace)}`, 'dim')],
		since,
		who,
	];
}

function LiveProcessPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const state = useEngine(processState, hasSameFields);
	const facts = useEngine(({snapshot}) => snapshot && factsOf(snapshot), hasSameFields);
	const notes = useMemo(() => (facts ? notesOf(facts) : []), [facts]);
	const draw: Draw = useCallback(
		({width, height}) => verdictSentenceRows(state.level, state.text, width, height, glyphs),
		[state, glyphs],
	);
	return (
		<Panel title={liveProcess.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const liveProcess: PanelEntry = {
	title: 'Live process',
	component: LiveProcessPanel,
	explain: {
		shows:
			'The state of the cache of the process that this program is attached to: connected to Redis, with its main figures of the last ten seconds; or without Redis, and why; or with loads that wait or take long. When the process ends, the panel says so and waits for a new process of that name.',
		source:
			'A socket in a folder of this user, which the process opens with `inspect: true`. It sends four states a second while a viewer is attached: key names, never values.',
		normal:
			'Connected. A process that sends nothing is suspended, or its event loop is blocked for seconds, so that its own callers wait, too.',
	},
};
