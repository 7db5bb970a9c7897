import { onTestFinished, describe, expect, test } from 'vitest';
import { MessageReader } from '../../bench/peers/message-reader.ts';
import { measureScene } from '../../bench/peers/scenarios.ts';
import { startScene } from '../../bench/peers/scene.ts';

describe('the reader of HTTP messages', () => {
  const text = 'POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
  const messages = [
    { head: 'POST /a HTTP/1.1\r\nContent-Length: 5', body: 'hello' },
    { head: 'HTTP/1.1 200 OK\r\ncontent-length: 0', body: '' },
  ];

  test('finds the same messages wherever the pieces are cut', () => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const reader = new MessageReader();
      expect([...reader.read(text.slice(0, cut)), ...reader.read(text.slice(cut))]).toEqual(messages);
    }
  });
});

test('on the bare floor every post arrives once, at a steady rate and at saturation', async () => {
  const scene = await startScene(undefined);
  onTestFinished(() => scene.stop());
  const figures = await measureScene(scene, ['lat50', 'sat'], { seconds: 1 });
  expect(figures.get('lost')).toBe(0);
  expect(figures.get('repeated')).toBe(0);
  expect(figures.get('saturation: posts refused')).toBe(0);
  expect(figures.get('saturation: delivered/s, with the drain')).toBeGreaterThan(0);
});
