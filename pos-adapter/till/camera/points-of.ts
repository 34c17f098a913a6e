/** The points of a picture, drawn `width` by `height` pixels large on a canvas that is used again for the next. */
export function pointsOf(
  picture: CanvasImageSource,
  canvas: HTMLCanvasElement | OffscreenCanvas,
  width: number,
  height: number,
): ImageData {
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true }) as
    CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
