import { onTestFinished, describe, expect, test } from 'vitest';
import { MessageReader } from '../../bench/peers/message-reader.ts';
import { type Side, measureSides } from '../../bench/peers/scenarios.ts';
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

async function startFloor(): Promise<Side> {
  const scene = await startScene(undefined);
  onTestFinished(() => scene.stop());
  return { scene, figures: new Map() };
}

test('on the bare floor every post arrives once, at a steady rate and at saturation', async () => {
  const { scene, figures } = await startFloor();
  await measureSides([{ scene, figures }], ['lat50', 'sat'], { seconds: 1 });
  expect(figures.get('lost')).toBe(0);
  expect(figures.get('repeated')).toBe(0);
  expect(figures.get('saturation: posts refused')).toBe(0);
  expect(figures.get('saturation: delivered/s, with the drain')).toBeGreaterThan(0);
});

test('two beside each other get the posts in turn, and each has its own figures', async () => {
  const sides = [await startFloor(), await startFloor()];
  await measureSides(sides, ['lat50'], { seconds: 1 });
  for (const { scene, figures } of sides) {
    expect(figures.get('lost')).toBe(0);
    expect(figures.get('50/s: p95, ms')).toBeGreaterThan(0);
    // With those of the three seconds before.
    expect(scene.receiver.at.size).toBe(200);
  }
});
