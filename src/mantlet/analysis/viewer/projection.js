// From metres to pixels. Both views are an affine map of (east, north, height); what draws moving
// things therefore draws them in either.

/** The map: north up, one scale. `toScreen` rows are [constant, per east, per north, per height]. */
export class MapView {
  constructor(bounds) {
    this.bounds = bounds; // west, south, east, north [m]
    this.width = 1;
    this.height = 1;
    this.fit();
  }

  resize(width, height) {
    const untouched = this.scale === this.fitted;
    this.width = width;
    this.height = height;
    if (untouched) this.fit();
  }

  /** Show everything, with a margin. */
  fit() {
    const [west, south, east, north] = this.bounds;
    this.x = (west + east) / 2;
    this.y = (south + north) / 2;
    const across = Math.max(east - west, 4000) * 1.14;
    const up = Math.max(north - south, 4000) * 1.14;
    this.scale = Math.min(this.width / across, this.height / up);
    this.fitted = this.scale;
  }

  get matrix() {
    const { scale, x, y, width, height } = this;
    return [width / 2 - x * scale, scale, 0, 0, height / 2 + y * scale, 0, -scale, 0];
  }

  /** Pixels of a point on the ground. */
  toScreen(east, north) {
    const m = this.matrix;
    return [m[0] + m[1] * east, m[4] + m[6] * north];
  }

  /** Zoom by a factor about a pixel, which stays over the same ground. */
  zoom(factor, px, py) {
    const next = Math.min(Math.max(this.scale * factor, this.fitted / 4), 2);
    const keep = 1 / this.scale - 1 / next;
    this.x += (px - this.width / 2) * keep;
    this.y -= (py - this.height / 2) * keep;
    this.scale = next;
  }

  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
  }
}

/** The altitude view: distance along an axis against height, each with its own scale. */
export class AltitudeView {
  constructor(axis, [from, to], top) {
    this.axis = axis;
    this.from = from;
    this.to = to;
    this.top = top;
    this.resize(1, 1);
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
    this.left = 40;
    this.ground = height - 22;
    this.scale = (width - this.left - 14) / (this.to - this.from);
    this.rise = (this.ground - 12) / this.top;
  }

  get matrix() {
    const { axis, scale, from, left, ground, rise } = this;
    return [left - from * scale, axis[0] * scale, axis[1] * scale, 0, ground, 0, 0, -rise];
  }
}

/** Round steps of 1, 2 or 5 times a power of ten, at most `most` of them over `span`. */
export function roundStep(span, most) {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough * 0.999);
}
