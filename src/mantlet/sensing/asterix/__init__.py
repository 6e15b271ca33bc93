"""ASTERIX in and out: CAT034 ed. 1.29, CAT048 ed. 1.32, CAT062 ed. 1.20 (EUROCONTROL).

An edge format. Inside, the tables keep full precision; what is written here and read back has
lost what lies below its steps: CAT048 has range in 1/256 NM (7.2 m), azimuth in 0.0055 deg, time
in 1/128 s (5 m at 640 m/s), height in 25 ft instead of elevation, and neither errors nor the
signal-to-noise ratio; CAT062 has place in 0.6 m (I062/105) and velocity in 0.25 m/s, and no
ballistic coefficient. `plot_errors` offers the loss as measurement errors to add when tracking
from it. Reading believes no length that a recording states about itself.
"""

from mantlet.sensing.asterix.contents import Contents, Records, contents
from mantlet.sensing.asterix.encoding import Encoded, encode
from mantlet.sensing.asterix.errors import PlotErrors, plot_errors
from mantlet.sensing.asterix.loss import Loss
from mantlet.sensing.asterix.messages import Messages, write_recording
from mantlet.sensing.asterix.others import other_records
from mantlet.sensing.asterix.plots_in import ReadReport, read_plots
from mantlet.sensing.asterix.plots_out import marker_messages, plot_messages
from mantlet.sensing.asterix.recording import Recording, read_recording, recording
from mantlet.sensing.asterix.stream import PlotStream
from mantlet.sensing.asterix.tracks_in import TracksReport, read_tracks
from mantlet.sensing.asterix.tracks_out import track_messages

__all__ = [
    "Contents",
    "Encoded",
    "Loss",
    "Messages",
    "PlotErrors",
    "PlotStream",
    "ReadReport",
    "Recording",
    "Records",
    "TracksReport",
    "contents",
    "encode",
    "marker_messages",
    "other_records",
    "plot_errors",
    "plot_messages",
    "read_plots",
    "read_recording",
    "read_tracks",
    "recording",
    "track_messages",
    "write_recording",
]
