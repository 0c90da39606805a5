import {useMemo} from 'react';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {Prompt} from '../components/prompt.js';
import {Scroll} from '../components/scroll.js';
import {useUi} from '../hooks/use-screen.js';
import {promptMark} from '../state/redis/printed.js';
import type {RedisPane} from '../state/ui-state.js';
import {type Row, span} from '../text/row.js';
import {wrapCells} from '../text/wrap.js';

const label: Row = [span(promptMark, 'keystroke')];

const notes: readonly Row[] = [[span('Esc closes', 'dim')]];

const rowsOf = (line: string, width: number): readonly Row[] => {
	const style = line.startsWith(promptMark) ? 'accent' : line.startsWith('(error) ') ? 'bad' : 'text';
	return wrapCells(printable(line), width).map((part): Row => [span(part, style)]);
};

/** Commands of Redis with their replies, and the line for the next one. */
export function RedisDialog({pane: {line, top, error}}: {readonly pane: RedisPane}) {
	const printed = useUi((ui) => ui.printed);
	const rows = useMemo(() => {
		let last: {readonly width: number; readonly rows: readonly Row[]} | undefined;
		return (width: number) => {
			if (last?.width !== width) last = {width, rows: printed.flatMap((each) => rowsOf(each, width))};
			return last.rows;
		};
	}, [printed]);
	const help = useMemo(
		() => [error === undefined ? [span('Enter sends, ↑↓ earlier commands', 'dim')] : [span(printable(error), 'bad')]],
		[error],
	);
	return (
		<Dialog title="Redis" notes={notes} columns={140} height="100%" place="bottom">
			{() => (
				<>
					<Scroll lines={rows} top={top} scope="redis" />
					<Prompt label={label} line={line} />
					<Lines rows={help} />
				</>
			)}
		</Dialog>
	);
}
