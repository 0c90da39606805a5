import {Text} from 'ink';
import {toAscii} from '../../text/to-ascii.js';
import {useLook} from '../hooks/use-look.js';
import {type StyleName, textProps} from '../theme.js';

type WordsProps = {
	readonly style?: StyleName;
	/** Text that is wrapped between words. Text of unknown origin must be `printable`. */
	readonly children: string;
};

/** Wrapped text, as high as it needs to be. */
export function Words({style = 'text', children}: WordsProps) {
	const {theme, isAscii} = useLook();
	return <Text {...textProps(theme[style])}>{isAscii ? toAscii(children) : children}</Text>;
}
