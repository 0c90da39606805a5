import fc from 'fast-check';
import {expect, it} from 'vitest';
import {FrameReader, framesOf} from './frame-reader.js';
import {ReceivedBytes} from './received-bytes.js';
import {bulk, cutAt} from './resp.js';

const replies = [
	'+OK\r\n',
	bulk(''),
	bulk('a\r\nb'),
	'$-1\r\n',
	`*2\r\n:1\r\n*1\r\n${bulk('x')}`,
	'*0\r\n',
	'%1\r\n+a\r\n_\r\n',
];

it('a reply is read whole, whatever pieces it comes in', () => {
	const sequence = fc.array(fc.constantFrom(...replies), {minLength: 1, maxLength: 8});
	fc.assert(
		fc.property(sequence, fc.array(fc.nat(), {maxLength: 30}), (sent, places) => {
			const bytes = new ReceivedBytes();
			const reader = new FrameReader(bytes);
			const texts: string[] = [];
			for (const piece of cutAt(Buffer.from(sent.join(''), 'latin1'), places)) {
				bytes.add(piece);
				for (let frame = reader.next(); frame !== undefined; frame = reader.next()) texts.push(frame.text);
			}
			expect(texts).toEqual(sent);
			expect(reader.taken).toBe(bytes.length);
		}),
	);
});

it('a frame has its items, at any depth', () => {
	expect(framesOf('*2\r\n*1\r\n+a\r\n$-1\r\n')).toEqual([
		{
			text: '*2\r\n*1\r\n+a\r\n$-1\r\n',
			head: '*2\r\n',
			items: [
				{text: '*1\r\n+a\r\n', head: '*1\r\n', items: [{text: '+a\r\n', head: '+a\r\n', items: []}]},
				{text: '$-1\r\n', head: '$-1\r\n', items: []},
			],
		},
	]);
});

it('a text that ends within a frame is not a reply', () => {
	expect(() => framesOf('+OK\r\n$3\r\nab')).toThrow('not a reply: "$3\\r\\nab"');
});
