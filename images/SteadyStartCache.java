import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// Makes a start cache the same for the same classes. What the JVM writes differs in the times, since the machine started, of the soft references that it keeps
/// and in the clock that gives them; here they become zero. Where they are, the JVM's map of the cache says: `java SteadyStartCache.java CACHE MAP`.
class SteadyStartCache {
  private static final Pattern CHECKSUM = Pattern.compile("- crc: +0x([0-9a-f]{8})");
  private static final Pattern NUMBER = Pattern.compile("- (header_size|file_offset|mapping_offset|used): +(0x)?([0-9a-f]+)");
  private static final Pattern OBJECT = Pattern.compile("^(?:\\[.*] *)?0x[0-9a-f]+: @@ Object \\(0x([0-9a-f]+)\\)");
  private static final Pattern TIMESTAMP = Pattern.compile("- private (?:static )?'(?:timestamp|clock)' 'J' @(\\d+) +(-?\\d+) ");
  private static final long HEADER_CHECKSUM = 4;
  private static final long CHECKED_FROM = 16;
  private static final Pattern SOFT_REFERENCE = Pattern.compile("@@ .* java\\.lang\\.Class Ljava/lang/ref/SoftReference;|'discovered' 'Ljava/lang/ref/Reference;'");

  private record Time(long address, long value) {}

  /// Of each region, in the order of the map.
  private final List<Long> checksums = new ArrayList<>();

  private final List<Long> fileOffsets = new ArrayList<>();
  private final List<Long> bases = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private final List<Time> times = new ArrayList<>();
  private boolean inRegions;
  private int headerSize;
  private int heap = -1;

  static void main(String... arguments) throws IOException {
    SteadyStartCache map = new SteadyStartCache();
    map.read(Path.of(arguments[1]));
    try (RandomAccessFile cache = new RandomAccessFile(arguments[0], "rw")) {
      map.steady(cache);
    }
  }

  private void read(Path map) throws IOException {
    boolean soft = false;
    long address = 0;
    try (var lines = Files.newBufferedReader(map, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher object = OBJECT.matcher(line);
        Matcher time = TIMESTAMP.matcher(line);
        if (object.find()) {
          address = Long.parseLong(object.group(1), 16);
          soft = SOFT_REFERENCE.matcher(line).find();
        } else if (SOFT_REFERENCE.matcher(line).find()) {
          soft = true;
        } else if (soft && time.find()) {
          times.add(new Time(address + Long.parseLong(time.group(1)), Long.parseLong(time.group(2))));
        } else if (address == 0) {
          readHeader(line);
        }
      }
    }
  }

  private void readHeader(String line) {
    Matcher checksum = CHECKSUM.matcher(line);
    Matcher number = NUMBER.matcher(line);
    if (line.contains("= region =")) {
      inRegions = true;
    } else if (checksum.find()) {
      if (inRegions) {
        checksums.add(Long.parseLong(checksum.group(1), 16));
      }
    } else if (line.contains("- is_heap_region:") && line.strip().endsWith("1")) {
      heap = checksums.size() - 1;
    } else if (number.find()) {
      long value = Long.parseLong(number.group(3), number.group(2) == null ? 10 : 16);
      switch (number.group(1)) {
        case "header_size" -> headerSize = (int) value;
        case "file_offset" -> fileOffsets.add(value);
        case "mapping_offset" -> bases.add(value);
        default -> sizes.add(value);
      }
    }
  }

  private void steady(RandomAccessFile cache) throws IOException {
    if (heap < 0 || times.isEmpty()) {
      throw new IllegalStateException("the map of the cache names no objects with times: a JVM with another format, which this program does not know");
    }
    long start = fileOffsets.get(heap);
    long size = sizes.get(heap);
    long place = placeOf(cache, checksums.get(heap));
    require(checksum(cache, start, size) == number(cache, place), "the checksum of the objects");
    require(checksum(cache, CHECKED_FROM, headerSize - CHECKED_FROM) == number(cache, HEADER_CHECKSUM), "the checksum of the header");
    for (Time time : times) {
      cache.seek(start + time.address - bases.get(heap));
      require(Long.reverseBytes(cache.readLong()) == time.value, "a time");
      cache.seek(cache.getFilePointer() - Long.BYTES);
      cache.writeLong(0);
    }
    write(cache, place, checksum(cache, start, size));
    write(cache, HEADER_CHECKSUM, checksum(cache, CHECKED_FROM, headerSize - CHECKED_FROM));
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what + " of the cache is not what its map says: a JVM with another format, which this program does not know");
    }
  }

  /// Where in the header a checksum of a region is.
  private long placeOf(RandomAccessFile cache, long checksum) throws IOException {
    long found = -1;
    for (long place = CHECKED_FROM; place + Integer.BYTES <= headerSize; place += Integer.BYTES) {
      if (number(cache, place) == checksum) {
        require(found < 0, "the place of a checksum");
        found = place;
      }
    }
    require(found > 0, "the place of a checksum");
    return found;
  }

  private static long number(RandomAccessFile cache, long place) throws IOException {
    cache.seek(place);
    return Integer.toUnsignedLong(Integer.reverseBytes(cache.readInt()));
  }

  private static void write(RandomAccessFile cache, long place, long checksum) throws IOException {
    cache.seek(place);
    cache.writeInt(Integer.reverseBytes((int) checksum));
  }

  private static long checksum(RandomAccessFile cache, long start, long size) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(size)];
    cache.seek(start);
    cache.readFully(bytes);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
