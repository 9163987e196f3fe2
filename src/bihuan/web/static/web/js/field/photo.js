// A photo as it goes into the record: small, upright, with time and place written into it.
const LONGEST = 1600;
const QUALITY = 0.72;
const WAIT_MS = 4000;

export function whereabouts() {
  return new Promise((done) => {
    if (!navigator.geolocation) return done(null);
    const found = ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude });
    return navigator.geolocation.getCurrentPosition(found, () => done(null), {
      enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000,
    });
  });
}

const hex = (buffer) =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function digested(buffer) {
  return hex(await crypto.subtle.digest("SHA-256", buffer));
}

function stamp(canvas, lines) {
  const ink = canvas.getContext("2d");
  const size = Math.max(16, Math.round(canvas.width / 40));
  ink.font = `${size}px sans-serif`;
  ink.fillStyle = "rgba(0, 0, 0, 0.6)";
  ink.fillRect(0, canvas.height - size * (lines.length * 1.4 + 0.6), canvas.width, canvas.height);
  ink.fillStyle = "#fff";
  lines.forEach((line, index) => {
    ink.fillText(line, size / 2, canvas.height - size * ((lines.length - index - 1) * 1.4 + 0.6));
  });
}

export const blobOf = (canvas, type) =>
  new Promise((done) => { canvas.toBlob(done, type, QUALITY); });

// The record of a shot and its bytes: { shot: { sha256, at, lon, lat }, bytes }.
export async function taken(file, name, place) {
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const at = new Date();
  const there = place ? `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}` : "—";
  stamp(canvas, [name, `${at.toLocaleString(document.documentElement.lang)}  ${there}`]);
  const bytes = await (await blobOf(canvas, "image/jpeg")).arrayBuffer();
  const shot = { sha256: await digested(bytes), at: at.toISOString(), ...(place ?? {}) };
  return { shot, bytes };
}
