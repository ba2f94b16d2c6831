"""What stands where in a picture: its boxes, labels and lines read back from the SVG, and what must hold of them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from attrs import frozen

from slarules.pictures.picture import Picture
from slarules.pictures.text import width

SVG = "{http://www.w3.org/2000/svg}"


@frozen
class Area:
    """A rectangle, and what it is."""

    left: float
    top: float
    right: float
    bottom: float
    what: str

    def touches(self, other: Area, by: float = 0.1) -> bool:
        return (
            self.left < other.right - by and other.left < self.right - by
            and self.top < other.bottom - by and other.top < self.bottom - by
        )  # fmt: skip

    def within(self, other: Area) -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


def root(picture: Picture) -> ElementTree.Element:
    """The picture, read as XML."""
    return ElementTree.fromstring(picture.svg)


def texts(picture: Picture) -> list[str]:
    """What is written in it, title and description aside."""
    return [shown(element) for element in root(picture).iter(f"{SVG}text")]


def shown(element: ElementTree.Element) -> str:
    """The text of a label, without the title in it."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def labels(picture: Picture) -> list[Area]:
    """The room of each label: as wide as it may come out, from above its capitals to below its base line."""
    found = []
    for element in root(picture).iter(f"{SVG}text"):
        x, y, size = (float(element.attrib[name]) for name in ("x", "y", "font-size"))
        text = shown(element)
        wide = width(text, size, element.get("font-weight") == "bold")
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
        found.append(Area(left, y - 0.75 * size, left + wide, y + 0.2 * size, text))
    return found


def boxes(picture: Picture, role: str | None = None) -> list[Area]:
    """The rectangles, all of them or those of a role."""
    found = []
    for element in root(picture).iter(f"{SVG}rect"):
        if role is None or element.get("class") == role:
            x, y, wide, high = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
            found.append(Area(x, y, x + wide, y + high, role or "box"))
    return found


def strokes(picture: Picture) -> list[list[tuple[float, float]]]:
    """Points along each path that is a line or a curve, near enough to each other that nothing is missed."""
    return [_points(element.attrib["d"]) for element in root(picture).iter(f"{SVG}path")
            if element.get("fill") == "none"]  # fmt: skip


def _points(path: str) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    x = y = 0.0
    for command, rest in re.findall(r"([MLVHCZmlhvcz])([^MLVHCZmlhvcz]*)", path):
        numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", rest)]
        match command:
            case "M" | "L":
                to = [(numbers[n], numbers[n + 1]) for n in range(0, len(numbers), 2)]
            case "m" | "l":
                to, (at_x, at_y) = [], (x, y)
                for n in range(0, len(numbers), 2):
                    at_x, at_y = at_x + numbers[n], at_y + numbers[n + 1]
                    to.append((at_x, at_y))
            case "V":
                to = [(x, numbers[0])]
            case "H":
                to = [(numbers[0], y)]
            case "C":
                p = [(x, y), *((numbers[n], numbers[n + 1]) for n in (0, 2, 4))]
                for n in range(1, 33):
                    t = n / 32
                    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                    points.append((sum(w * a for w, (a, _) in zip(weights, p, strict=True)),
                                   sum(w * b for w, (_, b) in zip(weights, p, strict=True))))  # fmt: skip
                x, y = p[3]
                continue
            case _:
                continue
        for end in to:
            if command in "Mm" and end == to[0]:
                points.append(end)
            else:
                points += [(x + (end[0] - x) * n / 32, y + (end[1] - y) * n / 32) for n in range(1, 33)]
            x, y = end
    return points


def well_drawn(picture: Picture) -> None:
    """What holds of every picture: XML, title, description, all inside, no label on another, nothing from elsewhere."""
    read = root(picture)
    assert read.tag == f"{SVG}svg"
    assert read[0].tag == f"{SVG}title" and (read[0].text or "") == picture.title
    assert read[1].tag == f"{SVG}desc" and (read[1].text or "") == picture.description
    assert read.get("role") == "img" and read.get("viewBox") == f"0 0 {picture.width} {picture.height}"
    tags = {element.tag.removeprefix(SVG) for element in read.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "text", "pattern"}
    for element in read.iter():
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)
    assert set(re.findall(r"url\(#([^)]*)\)", picture.svg)) <= set(re.findall(r' id="([^"]*)"', picture.svg))
    inside(picture)
    written = labels(picture)
    apart(written)
    clear(picture, written)


def inside(picture: Picture) -> None:
    """Everything stands within the picture."""
    for area in [*labels(picture), *boxes(picture)]:
        assert area.left >= -0.5 and area.right <= picture.width + 0.5, area
        assert area.top >= -0.5 and area.bottom <= picture.height + 0.5, area
    for points in strokes(picture):
        for x, y in points:
            assert -0.5 <= x <= picture.width + 0.5 and -0.5 <= y <= picture.height + 0.5, (x, y)


def apart(areas: list[Area]) -> None:
    """None lies on another."""
    by_left = sorted(areas, key=lambda area: area.left)
    for n, one in enumerate(by_left):
        for other in by_left[n + 1 :]:
            if other.left > one.right:
                break
            assert not one.touches(other), (one, other)


def clear(picture: Picture, areas: list[Area], by: float = 0.7) -> None:
    """No line runs through any of the areas."""
    for points in strokes(picture):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        around = Area(min(xs), min(ys), max(xs), max(ys), "line")
        for area in areas:
            if area.touches(around, by):
                for x, y in points:
                    assert not area.touches(Area(x, y, x, y, "line"), by), (x, y, area)
