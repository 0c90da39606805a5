import {stripVTControlCharacters} from 'node:util';
import {Text, Transform} from 'ink';
import {toAscii} from '../../text/to-ascii.js';
import {useLook} from '../hooks/use-look.js';
import {tieUnits, untie} from '../text/wrap.js';
import {type StyleName, textProps} from '../theme.js';

type WordsProps = {
	readonly style?: StyleName;
	/** Text that is wrapped between words, and not between a number and its unit. Text of unknown origin must be `printable`. */
	readonly children: string;
};

/**
 * Drops the blank between two words at a line break: after a full line, Ink would put it at the start of the next one.
 */
function withoutBreak(line: string, index: number): string {
	const isBroken = index > 0 && stripVTControlCharacters(line).startsWith(' ');
	return untie(isBroken ? line.replace(' ', '') : line);
}

/** Wrapped text, as high as it needs to be. */
export function Words({style = 'text', children}: WordsProps) {
	const {theme, isAscii} = useLook();
	return (
		<Transform transform={withoutBreak}>
			<Text {...textProps(theme[style])}>{tieUnits(isAscii ? toAscii(children) : children)}</Text>
		</Transform>
	);
}
